//! The reader as a whole.

mod damage;
mod real;
mod records;

use super::*;

/// The prefixes of a record's announced routes, as text.
fn announced(record: &Record) -> Vec<String> {
    let text = |route: &Announced| match route.path_id {
        Some(id) => format!("{} #{id}", route.prefix),
        None => route.prefix.to_string(),
    };
    record.announced.iter().map(text).collect()
}

fn withdrawn(record: &Record) -> Vec<String> {
    let text = |route: &Withdrawn| route.prefix.to_string();
    record.withdrawn.iter().map(text).collect()
}

//! A program's response to a change, printed for people.

use std::io::Write;

use anyhow::Result;
use serde_json::Value as Json;
use tenterhook_control_api::Changed;

use crate::exit::Exit;
use crate::live::{TAKEN_BACK, print_json};
use crate::text;

/// One line about a change.
pub fn report_line(what: &str, changed: Changed, out: &mut dyn Write) -> Result<()> {
    match changed.attachment {
        Some(a) => writeln!(
            out,
            "{what} {}/{} at {}: place {} in the chain, order {}{}; revision {}",
            a.tenant,
            a.name,
            a.hook,
            a.position,
            a.order,
            if a.enabled { "" } else { ", disabled" },
            a.revision,
        )?,
        None => writeln!(out, "{what}; the program is at revision {}", changed.revision)?,
    }
    if let Some(reason) = changed.unsaved {
        writeln!(out, "not saved: {}; {TAKEN_BACK}", text::plain(&reason))?;
    }
    Ok(())
}

/// Prints the response as it is, or one line about it.
pub fn report(what: &str, answer: Json, json: bool, out: &mut dyn Write) -> Result<Exit> {
    if json {
        print_json(&answer, out)?;
    } else {
        report_line(what, serde_json::from_value(answer)?, out)?;
    }
    Ok(Exit::Result)
}

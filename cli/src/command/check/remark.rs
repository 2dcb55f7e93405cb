//! A warning, and the suggestions that many of them end with.

use super::source::Location;

/// A warning and its location.
pub type Remark = (Location, String);

/// `; did you mean 'name'?`, if one is near. Among many short names one is always near, and a mistyped name usually has
/// the right first letter.
pub fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let first = |name: &str| name.chars().next().map(|c| c.to_ascii_lowercase());
    let near = tenterhook::hooks::nearest(name, known.filter(|known| first(known) == first(name)));
    near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default()
}

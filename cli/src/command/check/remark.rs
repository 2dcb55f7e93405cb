//! A remark on a script, and the words that many of them end with.

use super::source::Place;

/// Something that looks wrong, and where.
pub type Remark = (Place, String);

/// `; did you mean 'name'?`, if one is near. Among many short names something is always near: who mistypes a name
/// mostly has its first letter right.
pub fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let first = |name: &str| name.chars().next().map(|c| c.to_ascii_lowercase());
    let near = tenterhook::hooks::nearest(name, known.filter(|known| first(known) == first(name)));
    near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default()
}

//! The rows of the summary: what was timed, under which name, and what it is compared with.

/// A timed row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its group; the whole id for rows that stand alone.
    pub group: &'static str,
    /// Its name within the group.
    pub name: Option<&'static str>,
}

const fn alone(group: &'static str) -> Row {
    Row { group, name: None }
}

const fn row(group: &'static str, name: &'static str) -> Row {
    Row { group, name: Some(name) }
}

/// All rows, in the order that they are shown in.
pub const ALL: &[Row] = &[
    alone("no_attachment"),
    alone("wasm_empty_call"),
    row("one_integer", "kept"),
    row("one_integer", "fresh"),
    row("one_integer", "mlua"),
    row("route_match_2_fields", "kept"),
    row("route_match_2_fields", "fresh"),
    row("route_match_2_fields", "mlua_tables"),
    row("route_match_2_fields", "frr_pattern"),
    row("route_match_2_fields", "frr_bare"),
    row("route_match_all_fields", "kept"),
    row("route_match_all_fields", "fresh"),
    row("route_match_all_fields", "mlua_tables"),
    row("route_match_all_fields", "frr_pattern"),
    row("route_match_change", "kept"),
    row("route_match_change", "fresh"),
    row("route_match_change", "mlua_tables"),
    row("route_match_change", "frr_pattern"),
    row("route_match_change", "frr_bare"),
    row("chain", "1"),
    row("chain", "2"),
    row("chain", "5"),
    row("chain", "8"),
    row("alternating", "2"),
    row("alternating", "10"),
    row("alternating", "100"),
    row("alternating", "10000"),
    row("alternating", "random"),
    row("denied", "rate"),
    row("denied", "fuel"),
    row("denied", "quarantine"),
    row("denied", "memory"),
    row("denied", "busy"),
    row("admission", "with_budgets"),
    row("admission", "place_alone"),
    row("deadline", "call_without"),
    row("deadline", "call_with"),
    row("deadline", "loop_without"),
    row("deadline", "loop_with"),
    row("deadline", "overshoot_of_5ms"),
];

impl Row {
    /// The id, as criterion has it.
    pub fn id(&self) -> String {
        match self.name {
            Some(name) => format!("{}/{name}", self.group),
            None => self.group.to_owned(),
        }
    }

    /// Whether this is native Lua on one state: what the others of its group are compared with.
    pub fn is_native(&self) -> bool {
        matches!(self.name, Some("mlua" | "mlua_tables"))
    }

    /// Whether this is a call that was refused: what an empty call is held against.
    pub fn is_denial(&self) -> bool {
        self.group == "denied"
    }

    /// Whether this is FRR's pattern.
    pub fn is_frr(&self) -> bool {
        self.name == Some("frr_pattern")
    }
}

/// A row and its median.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// The row.
    pub row: Row,
    /// Nanoseconds per call, the median.
    pub ns: f64,
}

/// All rows with their medians.
#[derive(Debug, Clone)]
pub struct Rows(pub Vec<Measured>);

impl Rows {
    /// The median of the row with this id.
    pub fn ns(&self, id: &str) -> Option<f64> {
        self.0.iter().find(|measured| measured.row.id() == id).map(|measured| measured.ns)
    }

    /// This row's median against the one of its group that `which` picks.
    pub fn ratio(&self, of: &Measured, which: fn(&Row) -> bool) -> Option<f64> {
        let other = self.0.iter().find(|other| other.row.group == of.row.group && which(&other.row))?;
        (other.row != of.row).then(|| of.ns / other.ns)
    }
}

/// Nanoseconds, as people read them.
pub fn nanoseconds(ns: f64) -> String {
    match ns {
        ns if ns < 10.0 => format!("{ns:.2}"),
        ns if ns < 100.0 => format!("{ns:.1}"),
        ns => {
            let digits = format!("{ns:.0}");
            let head = digits.len() % 3;
            let mut text = digits[..head].to_owned();
            for group in digits.as_bytes()[head..].chunks(3) {
                if !text.is_empty() {
                    text.push(',');
                }
                text.extend(group.iter().map(|digit| char::from(*digit)));
            }
            text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_have_as_many_digits_as_they_are_worth() {
        assert_eq!(
            [1.234, 12.34, 123.4, 1234.0, 1_234_567.0].map(nanoseconds),
            ["1.23", "12.3", "123", "1,234", "1,234,567"]
        );
    }

    #[test]
    fn ratios_are_within_the_group() {
        let measured = |group, name, ns| Measured { row: row(group, name), ns };
        let rows =
            Rows(vec![measured("a", "kept", 50.0), measured("a", "mlua_tables", 200.0), measured("b", "kept", 1.0)]);
        assert_eq!(rows.ratio(&rows.0[0], Row::is_native), Some(0.25));
        assert_eq!(rows.ratio(&rows.0[1], Row::is_native), None);
        assert_eq!(rows.ratio(&rows.0[2], Row::is_native), None);
        assert_eq!(rows.ns("a/kept"), Some(50.0));
    }
}

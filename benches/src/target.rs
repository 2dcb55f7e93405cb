//! What the sandbox has to reach, in one run on one machine.
//!
//! Ratios decide whether a run is good, because both of their sides were measured in it. Nanoseconds depend on the machine
//! and its load; they are reported, and decide nothing.

use crate::row::Rows;

/// A target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// What it says.
    pub says: &'static str,
    /// The id that is measured, and the one it is compared with; without the latter, nanoseconds count.
    of: &'static str,
    against: Option<&'static str>,
    /// At most this, or at least.
    bound: Bound,
}

#[derive(Debug, Clone, Copy)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// All targets.
pub const ALL: &[Target] = &[
    Target {
        says: "2 fields, kept: at most 0.35 × native Lua with tables",
        of: "route_match_2_fields/kept",
        against: Some("route_match_2_fields/mlua_tables"),
        bound: Bound::AtMost(0.35),
    },
    Target {
        says: "2 fields, fresh: at most 1.0 × native Lua with tables",
        of: "route_match_2_fields/fresh",
        against: Some("route_match_2_fields/mlua_tables"),
        bound: Bound::AtMost(1.0),
    },
    Target {
        says: "2 fields, fresh: at least 30 × faster than FRR's pattern",
        of: "route_match_2_fields/frr_pattern",
        against: Some("route_match_2_fields/fresh"),
        bound: Bound::AtLeast(30.0),
    },
    Target {
        says: "a chain of 5 scripts: at most 1.3 × five single calls",
        of: "chain/5",
        against: Some("chain/1"),
        bound: Bound::AtMost(6.5),
    },
    Target {
        says: "10 attachments in turn: at most 1.3 × one",
        of: "alternating/10",
        against: Some("chain/1"),
        bound: Bound::AtMost(1.3),
    },
    Target {
        says: "100 attachments in turn, more than a place keeps executors for: at most 1.5 µs",
        of: "alternating/100",
        against: None,
        bound: Bound::AtMost(1500.0),
    },
    Target {
        says: "10,000 attachments at random: at most 3 µs",
        of: "alternating/random",
        against: None,
        bound: Bound::AtMost(3000.0),
    },
    Target {
        says: "no attachment: at most 0.25 × an empty call into WebAssembly",
        of: "no_attachment",
        against: Some("wasm_empty_call"),
        bound: Bound::AtMost(0.25),
    },
    Target { says: "no attachment: at most 3 ns", of: "no_attachment", against: None, bound: Bound::AtMost(3.0) },
];

/// What became of a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// What was reached: a ratio, or nanoseconds.
    pub value: f64,
    /// Whether that is enough.
    pub met: bool,
}

impl Target {
    /// What the rows say about it; `None` where they lack what it is about.
    pub fn reached(&self, rows: &Rows) -> Option<Reached> {
        let value = match self.against {
            Some(against) => rows.ns(self.of)? / rows.ns(against)?,
            None => rows.ns(self.of)?,
        };
        let met = match self.bound {
            Bound::AtMost(most) => value <= most,
            Bound::AtLeast(least) => value >= least,
        };
        Some(Reached { value, met })
    }

    /// Whether it decides if a run is good: whether it is a ratio.
    pub fn decides(&self) -> bool {
        self.against.is_some()
    }

    /// The unit of what is reached.
    pub fn unit(&self) -> &'static str {
        if self.against.is_some() { "×" } else { "ns" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::{self, Measured};

    fn rows(ns: impl Fn(&str) -> f64) -> Rows {
        Rows(row::ALL.iter().map(|row| Measured { row: *row, ns: ns(&row.id()) }).collect())
    }

    #[test]
    fn every_target_is_about_rows_that_exist() {
        let rows = rows(|_| 1.0);
        let reached: Vec<Option<Reached>> = ALL.iter().map(|target| target.reached(&rows)).collect();
        assert!(reached.iter().flatten().all(|reached| reached.value == 1.0));
        assert_eq!(reached.iter().flatten().count(), ALL.len());
        let met: Vec<bool> = reached.iter().flatten().map(|reached| reached.met).collect();
        assert_eq!(met, [false, true, false, true, true, true, true, false, true]);
        let deciding = ALL.iter().filter(|target| target.decides()).count();
        assert_eq!(deciding, ALL.len() - 3, "what is in nanoseconds does not decide");
    }

    #[test]
    fn the_bound_itself_is_enough() {
        let rows = rows(|id| match id {
            "route_match_2_fields/kept" => 35.0,
            "route_match_2_fields/frr_pattern" => 3000.0,
            "chain/5" => 650.0,
            "alternating/10" => 130.0,
            "alternating/100" => 1500.0,
            "alternating/random" => 3000.0,
            "no_attachment" => 3.0,
            "wasm_empty_call" => 12.0,
            _ => 100.0,
        });
        assert!(ALL.iter().all(|target| target.reached(&rows).is_some_and(|reached| reached.met)));
    }
}

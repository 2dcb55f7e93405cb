//! Choices of a policy that are not amounts: words, and the deadline.

use std::fmt;

use crate::units::Millis;
use crate::word::words;

words! {
    /// Whether a feature is used.
    pub enum Switch is "switch" {
        /// It is used.
        On = "on",
        /// It is not used.
        Off = "off",
    }
}

words! {
    /// What happens to a call whose memory runs out.
    pub enum MemoryErrors is "kind of memory error" {
        /// The call ends with the fault `memory`, which no `pcall` catches.
        Uncatchable = "uncatchable",
        /// The script gets Lua's own "not enough memory", which `pcall` catches; if it is not caught, it is the fault
        /// `memory`.
        Catchable = "catchable",
    }
}

/// How long a call may take in wall-clock time, in addition to its fuel: `"off"`, or 1 ms to 60 s.
///
/// Only hosts that were built with deadlines accept one. Fuel bounds every call in any case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Deadline(Option<Millis>);

impl Deadline {
    /// No deadline: fuel alone ends calls.
    pub const OFF: Self = Self(None);
    /// The shortest deadline.
    pub const MIN: Millis = Millis::new(1);
    /// The longest deadline.
    pub const MAX: Millis = Millis::new(60_000);

    /// Returns a deadline of this length, clamped to [`Deadline::MIN`]..=[`Deadline::MAX`].
    pub fn after(time: Millis) -> Self {
        Self(Some(time.clamp(Self::MIN, Self::MAX)))
    }

    /// How long a call may take, if there is a deadline.
    pub const fn get(self) -> Option<Millis> {
        self.0
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(time) => time.fmt(f),
            None => f.pad("off"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deadlines_stay_within_their_bounds() {
        for (millis, kept) in [(0, 1), (1, 1), (2, 2), (59_999, 59_999), (60_000, 60_000), (60_001, 60_000)] {
            assert_eq!(Deadline::after(Millis::new(millis)).get(), Some(Millis::new(kept)));
        }
        assert_eq!(Deadline::OFF.to_string(), "off");
        assert_eq!(Deadline::after(Millis::new(1_500)).to_string(), "1.5 s");
        assert_eq!(Deadline::default(), Deadline::OFF);
    }
}

//! Choices of a policy that are not amounts: words, and the deadline.

use std::fmt;

use crate::units::Millis;
use crate::word::words;

words! {
    /// Whether something is done at all.
    pub enum Switch is "switch" {
        /// It is.
        On = "on",
        /// It is not.
        Off = "off",
    }
}

words! {
    /// What happens to a call whose memory runs out.
    pub enum MemoryErrors is "kind of memory error" {
        /// It ends with a fault `memory`; no `pcall` sees it.
        Uncatchable = "uncatchable",
        /// It gets Lua's own "not enough memory", which `pcall` catches; uncaught it is a fault `memory`.
        Catchable = "catchable",
    }
}

/// How long a call may take by the clock, if that matters beside its fuel: `"off"`, or 1 ms to 60 s.
///
/// What it bounds is told by the host, which has to have been set up for deadlines. Fuel bounds every call in any case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Deadline(Option<Millis>);

impl Deadline {
    /// No deadline: fuel alone ends calls.
    pub const OFF: Self = Self(None);
    /// The shortest.
    pub const MIN: Millis = Millis::new(1);
    /// The longest.
    pub const MAX: Millis = Millis::new(60_000);

    /// A deadline of so long, held to [`Deadline::MIN`] and [`Deadline::MAX`].
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

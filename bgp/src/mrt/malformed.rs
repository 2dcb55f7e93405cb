//! Rules for attributes, errors in them, and how a router treats those errors.

use std::fmt;

/// An attribute that violates its specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Malformed {
    /// Its type code.
    pub code: u8,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// The error in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flaw {
    /// Its optional or transitive flag contradicts the specification.
    Flags,
    /// It is too short or too long.
    Length,
    /// It contains something undefined, such as an AS_PATH segment of an unknown type.
    Value,
    /// It occurs a second time; the first one counts.
    Repeated,
    /// It is missing although routes are announced.
    Missing,
}

impl Malformed {
    /// Whether a router treats the routes as withdrawn (RFC 7606), rather than discarding the attribute.
    #[must_use]
    pub fn withdraws(self) -> bool {
        let discarded = matches!(self.code, ATOMIC_AGGREGATE | AGGREGATOR | AS4_PATH | AS4_AGGREGATOR);
        self.flaw != Flaw::Repeated && !discarded
    }

    /// The attribute's name; `attribute 99` if it has none.
    #[must_use]
    pub fn attribute(self) -> String {
        rule(self.code).map_or_else(|| format!("attribute {}", self.code), |rule| rule.name.to_owned())
    }
}

/// One word: `flags`, `length`, `value`, `repeated`, `missing`.
impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flags => "flags",
            Self::Length => "length",
            Self::Value => "value",
            Self::Repeated => "repeated",
            Self::Missing => "missing",
        })
    }
}

pub(super) const ORIGIN: u8 = 1;
pub(super) const AS_PATH: u8 = 2;
pub(super) const NEXT_HOP: u8 = 3;
pub(super) const MULTI_EXIT_DISC: u8 = 4;
pub(super) const LOCAL_PREF: u8 = 5;
pub(super) const ATOMIC_AGGREGATE: u8 = 6;
pub(super) const AGGREGATOR: u8 = 7;
pub(super) const COMMUNITIES: u8 = 8;
pub(super) const MP_REACH: u8 = 14;
pub(super) const MP_UNREACH: u8 = 15;
pub(super) const EXTENDED_COMMUNITIES: u8 = 16;
pub(super) const AS4_PATH: u8 = 17;
pub(super) const AS4_AGGREGATOR: u8 = 18;
pub(super) const LARGE_COMMUNITIES: u8 = 32;

/// The flags that an attribute's specification sets; the others (partial, extended length) are up to the sender.
const FIXED_FLAGS: u8 = 0xc0;
const OPTIONAL: u8 = 0x80;
const WELL_KNOWN: u8 = 0x40;
const OPTIONAL_TRANSITIVE: u8 = 0xc0;

/// The length that a value must have.
enum Length {
    /// One of these.
    Of(&'static [usize]),
    /// A multiple of it, and not 0 (RFC 7606 7).
    Times(usize),
    /// Any length.
    Any,
}

struct Rule {
    name: &'static str,
    flags: u8,
    length: Length,
}

/// The rule for an attribute, if it is known (RFC 4271, 4456, 4360, 5701, 6793, 8092, 9234).
fn rule(code: u8) -> Option<Rule> {
    let (name, flags, length) = match code {
        ORIGIN => ("ORIGIN", WELL_KNOWN, Length::Of(&[1])),
        AS_PATH => ("AS_PATH", WELL_KNOWN, Length::Any),
        // In tables, IPv6 routes sometimes have an IPv6 address here.
        NEXT_HOP => ("NEXT_HOP", WELL_KNOWN, Length::Of(&[4, 16])),
        MULTI_EXIT_DISC => ("MULTI_EXIT_DISC", OPTIONAL, Length::Of(&[4])),
        LOCAL_PREF => ("LOCAL_PREF", WELL_KNOWN, Length::Of(&[4])),
        ATOMIC_AGGREGATE => ("ATOMIC_AGGREGATE", WELL_KNOWN, Length::Of(&[0])),
        // By the width of AS numbers, which some writers of tables get wrong.
        AGGREGATOR => ("AGGREGATOR", OPTIONAL_TRANSITIVE, Length::Of(&[6, 8])),
        COMMUNITIES => ("COMMUNITIES", OPTIONAL_TRANSITIVE, Length::Times(4)),
        9 => ("ORIGINATOR_ID", OPTIONAL, Length::Of(&[4])),
        10 => ("CLUSTER_LIST", OPTIONAL, Length::Times(4)),
        MP_REACH => ("MP_REACH_NLRI", OPTIONAL, Length::Any),
        MP_UNREACH => ("MP_UNREACH_NLRI", OPTIONAL, Length::Any),
        EXTENDED_COMMUNITIES => ("EXTENDED_COMMUNITIES", OPTIONAL_TRANSITIVE, Length::Times(8)),
        AS4_PATH => ("AS4_PATH", OPTIONAL_TRANSITIVE, Length::Any),
        AS4_AGGREGATOR => ("AS4_AGGREGATOR", OPTIONAL_TRANSITIVE, Length::Of(&[8])),
        25 => ("IPV6_EXTENDED_COMMUNITIES", OPTIONAL_TRANSITIVE, Length::Times(20)),
        LARGE_COMMUNITIES => ("LARGE_COMMUNITY", OPTIONAL_TRANSITIVE, Length::Times(12)),
        35 => ("ONLY_TO_CUSTOMER", OPTIONAL_TRANSITIVE, Length::Of(&[4])),
        _ => return None,
    };
    Some(Rule { name, flags, length })
}

/// The error in an attribute that its flags and its length show.
pub(super) fn check(flags: u8, code: u8, length: usize) -> Result<(), Flaw> {
    let Some(rule) = rule(code) else {
        // Well-known ones are those of RFC 4271, which are all above.
        return if flags & OPTIONAL == 0 { Err(Flaw::Flags) } else { Ok(()) };
    };
    if flags & FIXED_FLAGS != rule.flags {
        return Err(Flaw::Flags);
    }
    let fits = match rule.length {
        Length::Of(lengths) => lengths.contains(&length),
        Length::Times(unit) => length > 0 && length.is_multiple_of(unit),
        Length::Any => true,
    };
    if fits { Ok(()) } else { Err(Flaw::Length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_bounded_on_both_sides() {
        for (flags, code, good) in [
            (0x40, ORIGIN, &[1][..]),
            (0x40, NEXT_HOP, &[4, 16]),
            (0x80, MULTI_EXIT_DISC, &[4]),
            (0x40, LOCAL_PREF, &[4]),
            (0x40, ATOMIC_AGGREGATE, &[0]),
            (0xc0, AGGREGATOR, &[6, 8]),
            (0xc0, COMMUNITIES, &[4, 8, 12, 16, 20, 24, 28, 32, 36]),
            (0x80, 9, &[4]),
            (0x80, 10, &[4, 8, 12, 16, 20, 24, 28, 32, 36]),
            (0xc0, EXTENDED_COMMUNITIES, &[8, 16, 24, 32]),
            (0xc0, AS4_AGGREGATOR, &[8]),
            (0xc0, 25, &[20]),
            (0xc0, LARGE_COMMUNITIES, &[12, 24, 36]),
            (0xc0, 35, &[4]),
        ] {
            for length in 0..38 {
                let expected = if good.contains(&length) { Ok(()) } else { Err(Flaw::Length) };
                assert_eq!(check(flags, code, length), expected, "{code}, {length} bytes");
            }
        }
    }

    #[test]
    fn flags_are_what_the_attribute_says_but_for_partial_and_extended_length() {
        for (code, length, right) in
            [(ORIGIN, 1, 0x40), (MULTI_EXIT_DISC, 4, 0x80), (COMMUNITIES, 4, 0xc0), (AS_PATH, 0, 0x40)]
        {
            for flags in [0, 0x40, 0x80, 0xc0] {
                for others in [0, 0x10, 0x20, 0x30, 0x0f] {
                    let expected = if flags == right { Ok(()) } else { Err(Flaw::Flags) };
                    assert_eq!(check(flags | others, code, length), expected, "{code}, flags {flags:#x}");
                }
            }
        }
        assert_eq!(check(0xc0, 99, 7), Ok(()));
        assert_eq!(check(0x80, 99, 7), Ok(()));
        assert_eq!(check(0x40, 99, 7), Err(Flaw::Flags));
    }

    #[test]
    fn what_a_router_goes_on_without_does_not_withdraw() {
        let withdraws = |code, flaw| Malformed { code, flaw }.withdraws();
        assert!(withdraws(AS_PATH, Flaw::Value) && withdraws(MULTI_EXIT_DISC, Flaw::Length));
        assert!(withdraws(ORIGIN, Flaw::Missing) && withdraws(99, Flaw::Flags));
        assert!(!withdraws(AS_PATH, Flaw::Repeated));
        for code in [ATOMIC_AGGREGATE, AGGREGATOR, AS4_PATH, AS4_AGGREGATOR] {
            assert!(!withdraws(code, Flaw::Length) && !withdraws(code, Flaw::Flags));
        }
        assert_eq!(Malformed { code: 99, flaw: Flaw::Flags }.attribute(), "attribute 99");
        assert_eq!(Malformed { code: 4, flaw: Flaw::Length }.attribute(), "MULTI_EXIT_DISC");
    }
}

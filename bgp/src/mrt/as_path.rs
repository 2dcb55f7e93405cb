//! AS paths: their segments, their text as FRR prints it, and the merge with an AS4_PATH.

use std::fmt;

use super::cursor::{AsWidth, Cursor, Reason};
use super::malformed::Flaw;

/// The path a route took, nearest AS first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct AsPath {
    /// The segments as they were sent; none are merged.
    pub segments: Vec<Segment>,
}

/// A part of a path, with its AS numbers in the order they were sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// One AS after the other.
    Sequence(Vec<u32>),
    /// The unordered members of an aggregate.
    Set(Vec<u32>),
    /// One member of a confederation after the other (RFC 5065).
    ConfedSequence(Vec<u32>),
    /// The unordered members of an aggregate within a confederation.
    ConfedSet(Vec<u32>),
}

impl Segment {
    /// Its AS numbers, whatever its kind.
    #[must_use]
    pub fn asns(&self) -> &[u32] {
        match self {
            Self::Sequence(asns) | Self::Set(asns) | Self::ConfedSequence(asns) | Self::ConfedSet(asns) => asns,
        }
    }

    fn is_confed(&self) -> bool {
        matches!(self, Self::ConfedSequence(_) | Self::ConfedSet(_))
    }

    /// What the segment adds to the length of the path (RFC 4271 9.1.2.2, RFC 5065 5.3).
    fn hops(&self) -> usize {
        match self {
            Self::Sequence(asns) => asns.len(),
            Self::Set(_) => 1,
            Self::ConfedSequence(_) | Self::ConfedSet(_) => 0,
        }
    }
}

impl AsPath {
    /// Parses a path as it was sent, with AS numbers of one width (RFC 4271 4.3, RFC 5065 3). A segment without numbers
    /// and AS 0 are as malformed as an unknown type (RFC 7606 7.2, RFC 7607).
    pub(super) fn parse(bytes: &[u8], width: AsWidth) -> Result<Self, Flaw> {
        let short = |_: Reason| Flaw::Length;
        let mut cursor = Cursor(bytes);
        let mut segments = Vec::new();
        while !cursor.is_empty() {
            let kind = cursor.u8().map_err(short)?;
            let count = cursor.u8().map_err(short)?;
            let segment = match kind {
                1 => Segment::Set,
                2 => Segment::Sequence,
                3 => Segment::ConfedSequence,
                4 => Segment::ConfedSet,
                _ => return Err(Flaw::Value),
            };
            let numbers: Result<Vec<u32>, Reason> = (0..count).map(|_| cursor.asn(width)).collect();
            let numbers = numbers.map_err(short)?;
            if numbers.is_empty() || numbers.contains(&0) {
                return Err(Flaw::Value);
            }
            segments.push(segment(numbers));
        }
        Ok(Self { segments })
    }

    /// Every AS number of the path in order, including members of sets and confederations.
    #[must_use]
    pub fn flat(&self) -> Vec<u32> {
        let mut flat = Vec::with_capacity(self.segments.iter().map(|s| s.asns().len()).sum());
        for segment in &self.segments {
            flat.extend_from_slice(segment.asns());
        }
        flat
    }

    /// The length by which routes are compared.
    #[must_use]
    pub fn hops(&self) -> usize {
        self.segments.iter().map(Segment::hops).sum()
    }

    /// The path that an AS_PATH of two-byte numbers and its AS4_PATH represent (RFC 6793 4.2.3).
    pub(super) fn merged_with(self, mut as4: AsPath) -> AsPath {
        // A confederation does not belong in an AS4_PATH (RFC 6793 6); its segments are dropped, not the path.
        as4.segments.retain(|segment| !segment.is_confed());
        // A shorter AS_PATH means that a router without four-byte numbers has aggregated: the AS4_PATH does not belong
        // to this route.
        let Some(mut leading) = self.hops().checked_sub(as4.hops()) else {
            return self;
        };
        let mut merged = Vec::with_capacity(self.segments.len() + as4.segments.len());
        for segment in self.segments {
            // Confederation segments are kept while they lead, or follow what is kept.
            if leading == 0 && !segment.is_confed() {
                break;
            }
            let kept = leading.min(segment.hops());
            leading -= kept;
            merged.push(match segment {
                Segment::Sequence(mut asns) => {
                    asns.truncate(kept);
                    Segment::Sequence(asns)
                }
                whole => whole,
            });
        }
        for segment in as4.segments {
            match (merged.last_mut(), segment) {
                (Some(Segment::Sequence(end)), Segment::Sequence(more)) => end.extend(more),
                (_, segment) => merged.push(segment),
            }
        }
        AsPath { segments: merged }
    }
}

/// Formats the path as FRR's `show ip bgp` does: `65001 65002 {65003,65004}`, confederations as `(65001 65002)` and
/// `[65001,65002]`; sets are sorted and without repetition, as FRR keeps them.
impl fmt::Display for AsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for segment in &self.segments {
            let (open, separator, close) = match segment {
                Segment::Sequence(_) => ("", " ", ""),
                Segment::Set(_) => ("{", ",", "}"),
                Segment::ConfedSequence(_) => ("(", " ", ")"),
                Segment::ConfedSet(_) => ("[", ",", "]"),
            };
            let mut sorted = Vec::new();
            let asns = if separator == "," {
                sorted.extend_from_slice(segment.asns());
                sorted.sort_unstable();
                sorted.dedup();
                sorted.as_slice()
            } else {
                segment.asns()
            };
            let Some((first, others)) = asns.split_first() else {
                continue;
            };
            write!(f, "{space}{open}{first}")?;
            for asn in others {
                write!(f, "{separator}{asn}")?;
            }
            f.write_str(close)?;
            space = " ";
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Segment::*;
    use super::*;

    fn path<const N: usize>(segments: [Segment; N]) -> AsPath {
        AsPath { segments: segments.into() }
    }

    #[test]
    fn prints_like_frr() {
        let all = path([
            ConfedSequence(vec![64_512, 64_513]),
            ConfedSet(vec![64_515, 64_514]),
            Sequence(vec![65_001, 65_001, 4_200_000_000]),
            Sequence(vec![]),
            Set(vec![65_004, 65_003, 65_004]),
        ]);
        assert_eq!(all.to_string(), "(64512 64513) [64514,64515] 65001 65001 4200000000 {65003,65004}");
        assert_eq!(all.hops(), 4);
        assert_eq!(all.flat().len(), 10);
        assert_eq!(AsPath::default().to_string(), "");
    }

    #[test]
    fn merges_the_trailing_part_from_the_as4_path() {
        let merged = |old: AsPath, new: AsPath| old.merged_with(new).to_string();
        let trans = 23_456;
        assert_eq!(
            merged(path([Sequence(vec![1, 2, trans, trans])]), path([Sequence(vec![70_000, 80_000])])),
            "1 2 70000 80000"
        );
        // cut across segments, sets counting as one
        assert_eq!(
            merged(
                path([Sequence(vec![1]), Set(vec![2, 3]), Sequence(vec![trans, 5])]),
                path([Sequence(vec![70_000, 5])])
            ),
            "1 {2,3} 70000 5"
        );
        // an AS4_PATH that is longer is not of this route
        assert_eq!(merged(path([Sequence(vec![1])]), path([Sequence(vec![70_000, 80_000])])), "1");
        // the leading confederation stays, one inside the AS4_PATH goes
        assert_eq!(
            merged(
                path([ConfedSequence(vec![64_512]), Sequence(vec![1, trans])]),
                path([ConfedSet(vec![64_513]), Sequence(vec![1, 70_000])])
            ),
            "(64512) 1 70000"
        );
        assert_eq!(merged(path([Sequence(vec![1, 2])]), AsPath::default()), "1 2");
    }
}

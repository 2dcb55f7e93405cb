//! Path attributes: split, checked, decoded, merged.

use std::net::Ipv4Addr;

use super::as_path::AsPath;
use super::cursor::{Afi, AsWidth, Cursor, Reason};
use super::malformed::{
    AGGREGATOR, AS_PATH, AS4_AGGREGATOR, AS4_PATH, ATOMIC_AGGREGATE, COMMUNITIES, EXTENDED_COMMUNITIES, Flaw,
    LARGE_COMMUNITIES, LOCAL_PREF, MP_REACH, MP_UNREACH, MULTI_EXIT_DISC, Malformed, NEXT_HOP, ORIGIN, check,
};
use super::nlri;
use super::route::{Attributes, Origin};

const EXTENDED_LENGTH: u8 = 0x10;

/// Stands for an AS number that does not fit into two bytes (RFC 6793).
const AS_TRANS: u32 = 23_456;

/// An attribute section. The attributes that carry prefixes are kept apart, because only the caller can read those.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section<'a> {
    pub(super) attributes: Attributes,
    pub(super) reach: Option<&'a [u8]>,
    pub(super) unreach: Option<&'a [u8]>,
    /// Which attributes are present, including malformed ones.
    seen: [bool; 256],
}

/// Values that wait for the merge of RFC 6793.
#[derive(Default)]
struct Wide {
    path: Option<AsPath>,
    aggregator: Option<(u32, Ipv4Addr)>,
}

/// Reads a whole section. A section that does not divide into attributes is an error, because prefixes may be lost. An
/// attribute that does not decode is left out and noted.
pub(super) fn read(bytes: &[u8], width: AsWidth) -> Result<Section<'_>, Reason> {
    let mut section = Section { attributes: Attributes::default(), reach: None, unreach: None, seen: [false; 256] };
    let mut wide = Wide::default();
    let mut cursor = Cursor(bytes);
    while !cursor.is_empty() {
        let flags = cursor.u8()?;
        let code = cursor.u8()?;
        let length = match flags & EXTENDED_LENGTH {
            0 => cursor.u8()?.into(),
            _ => cursor.u16()?,
        };
        let value = cursor.take(length.into()).map_err(|reason| format!("attribute {code}: {reason}"))?;
        let attributes = &mut section.attributes;
        if std::mem::replace(&mut section.seen[usize::from(code)], true) {
            if matches!(code, MP_REACH | MP_UNREACH) {
                return Err(format!("attribute {code} comes twice"));
            }
            attributes.malformed.push(Malformed { code, flaw: Flaw::Repeated }); // RFC 7606: the first one counts
            continue;
        }
        match code {
            // Routes are counted by the prefixes in these, whatever their flags say.
            MP_REACH => section.reach = Some(value),
            MP_UNREACH => section.unreach = Some(value),
            _ => {}
        }
        let decoded = check(flags, code, value.len()).and_then(|()| decode(code, value, width, attributes, &mut wide));
        if let Err(flaw) = decoded {
            attributes.malformed.push(Malformed { code, flaw });
        }
    }
    // Routers with four-byte numbers do not need these two between each other and discard them (RFC 6793 4.1).
    if width == AsWidth::Two {
        merge(&mut section.attributes, wide);
    }
    Ok(section)
}

impl Section<'_> {
    /// The attributes of a route in a table, where MP_REACH_NLRI only carries the next hop.
    pub(super) fn of_table(mut self) -> Attributes {
        match self.reach.map(nlri::table_next_hop) {
            Some(Ok(next_hop)) => self.attributes.next_hop = Some(next_hop),
            Some(Err(_)) => self.attributes.malformed.push(Malformed { code: MP_REACH, flaw: Flaw::Length }),
            None => {}
        }
        self.attributes
    }

    /// Notes which mandatory attributes are missing from an UPDATE that announces routes (RFC 4271 5); `plain` says
    /// whether some of these are in its own list. Tables are exempt, because collectors write routes of their own
    /// without attributes.
    pub(super) fn require_mandatory(&mut self, plain: bool) {
        let needed = if plain { &[ORIGIN, AS_PATH, NEXT_HOP][..] } else { &[ORIGIN, AS_PATH] };
        let missing = needed.iter().filter(|code| !self.seen[usize::from(**code)]);
        let missing = missing.map(|&code| Malformed { code, flaw: Flaw::Missing });
        self.attributes.malformed.extend(missing);
    }
}

/// Reads one attribute, whose length has been checked.
fn decode(code: u8, value: &[u8], width: AsWidth, into: &mut Attributes, wide: &mut Wide) -> Result<(), Flaw> {
    let mut cursor = Cursor(value);
    let short = |_: Reason| Flaw::Length;
    match code {
        ORIGIN => {
            into.origin = Some(match cursor.u8().map_err(short)? {
                0 => Origin::Igp,
                1 => Origin::Egp,
                2 => Origin::Incomplete,
                _ => return Err(Flaw::Value),
            });
        }
        AS_PATH => into.as_path = AsPath::parse(value, width)?,
        AS4_PATH => wide.path = Some(AsPath::parse(value, AsWidth::Four)?),
        NEXT_HOP => {
            let family = if value.len() == 4 { Afi::Ipv4 } else { Afi::Ipv6 };
            into.next_hop = Some(cursor.address(family).map_err(short)?);
        }
        MULTI_EXIT_DISC => into.med = Some(cursor.u32().map_err(short)?),
        LOCAL_PREF => into.local_pref = Some(cursor.u32().map_err(short)?),
        ATOMIC_AGGREGATE => into.atomic_aggregate = true,
        AGGREGATOR | AS4_AGGREGATOR => {
            let width = if value.len() == 6 { AsWidth::Two } else { AsWidth::Four };
            let aggregator = (cursor.asn(width).map_err(short)?, cursor.ipv4().map_err(short)?);
            *if code == AGGREGATOR { &mut into.aggregator } else { &mut wide.aggregator } = Some(aggregator);
        }
        COMMUNITIES => into.communities = value.as_chunks().0.iter().map(|bytes| u32::from_be_bytes(*bytes)).collect(),
        EXTENDED_COMMUNITIES => into.extended_communities = value.as_chunks().0.to_vec(),
        LARGE_COMMUNITIES => {
            let part = |bytes: &[[u8; 4]; 3], at: usize| u32::from_be_bytes(bytes[at]);
            let parts = value.as_chunks::<4>().0.as_chunks::<3>().0.iter();
            into.large_communities = parts.map(|bytes| (part(bytes, 0), part(bytes, 1), part(bytes, 2))).collect();
        }
        MP_REACH | MP_UNREACH => {}
        _ => into.unknown += 1,
    }
    Ok(())
}

/// Merges as in RFC 6793 4.2.3; an AS4_AGGREGATOR without AGGREGATOR, which the RFC leaves open, is treated as in FRR.
fn merge(into: &mut Attributes, wide: Wide) {
    if let Some(aggregator) = wide.aggregator {
        if into.aggregator.is_some_and(|(asn, _)| asn != AS_TRANS) {
            // A router without four-byte numbers has aggregated since: both AS4 attributes belong to a route that no
            // longer exists.
            return;
        }
        into.aggregator = Some(aggregator);
    }
    if let Some(path) = wide.path {
        into.as_path = std::mem::take(&mut into.as_path).merged_with(path);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Segment;
    use super::super::testing::{attribute, attribute_with, v4};
    use std::net::IpAddr;

    use super::*;

    fn attributes(list: &[Vec<u8>], width: AsWidth) -> Attributes {
        read(&list.concat(), width).unwrap().attributes
    }

    #[test]
    fn every_field_is_filled() {
        let list = [
            attribute(1, &[2]),
            attribute(2, &[2, 2, 0, 0, 0xfd, 0xe9, 0, 1, 0, 0, 1, 1, 0, 0, 0, 9]),
            attribute(3, &[192, 0, 2, 1]),
            attribute(4, &[0, 0, 0, 5]),
            attribute(5, &[0, 0, 0, 100]),
            attribute(6, &[]),
            attribute(7, &[0, 0, 0xfd, 0xe9, 10, 0, 0, 1]),
            attribute(8, &[0xff, 0xff, 0xff, 0x01, 0xfd, 0xe9, 0, 7]),
            attribute(16, &[0, 2, 0xfd, 0xe9, 0, 0, 0, 1]),
            attribute(32, &[0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]),
            attribute(26, &[1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9]),
            attribute(77, &[1, 2, 3]),
        ];
        let read = attributes(&list, AsWidth::Four);
        let expected = Attributes {
            origin: Some(Origin::Incomplete),
            as_path: AsPath { segments: vec![Segment::Sequence(vec![65_001, 65_536]), Segment::Set(vec![9])] },
            next_hop: Some(v4(192, 0, 2, 1)),
            med: Some(5),
            local_pref: Some(100),
            atomic_aggregate: true,
            aggregator: Some((65_001, Ipv4Addr::new(10, 0, 0, 1))),
            communities: vec![0xffff_ff01, 0xfde9_0007],
            large_communities: vec![(1, 2, 3)],
            extended_communities: vec![[0, 2, 0xfd, 0xe9, 0, 0, 0, 1]],
            unknown: 2,
            malformed: Vec::new(),
        };
        assert_eq!(read, expected);
    }

    #[test]
    fn well_known_communities_keep_their_number() {
        let numbers: [u32; 6] = [0xffff_ff01, 0xffff_ff02, 0xffff_ff03, 0xffff_ff04, 0xffff_029a, 0];
        let bytes = numbers.map(u32::to_be_bytes).concat();
        let read = attributes(&[attribute(8, &bytes)], AsWidth::Two);
        assert_eq!(read.communities, numbers);
    }

    #[test]
    fn what_does_not_decode_is_left_out_and_noted() {
        for (bad, code, flaw) in [
            (attribute(1, &[3]), 1, Flaw::Value),
            (attribute(1, &[0, 0]), 1, Flaw::Length),
            (attribute(1, &[]), 1, Flaw::Length),
            (attribute_with(0xc0, 1, &[0]), 1, Flaw::Flags),
            // too few numbers, an unknown type, no numbers, half a segment, AS 0
            (attribute(2, &[2, 2, 0, 1]), 2, Flaw::Length),
            (attribute(2, &[9, 1, 0, 1]), 2, Flaw::Value),
            (attribute(2, &[2, 1, 0, 1, 7, 0]), 2, Flaw::Value),
            (attribute(2, &[2, 0]), 2, Flaw::Value),
            (attribute(2, &[2]), 2, Flaw::Length),
            (attribute(2, &[2, 2, 0, 1, 0, 0]), 2, Flaw::Value),
            (attribute(3, &[1, 2, 3]), 3, Flaw::Length),
            (attribute(4, &[0, 0, 0, 5, 0]), 4, Flaw::Length),
            (attribute(4, &[1, 2]), 4, Flaw::Length),
            (attribute_with(0x40, 4, &[0, 0, 0, 5]), 4, Flaw::Flags),
            (attribute(5, &[0, 0, 0]), 5, Flaw::Length),
            (attribute(6, &[1]), 6, Flaw::Length),
            (attribute(7, &[0; 7]), 7, Flaw::Length),
            (attribute(8, &[0; 5]), 8, Flaw::Length),
            (attribute(8, &[]), 8, Flaw::Length),
            (attribute(9, &[0; 5]), 9, Flaw::Length),
            (attribute(16, &[0; 9]), 16, Flaw::Length),
            (attribute(17, &[2, 1, 0, 1]), 17, Flaw::Length),
            (attribute(18, &[0; 6]), 18, Flaw::Length),
            (attribute(32, &[0; 13]), 32, Flaw::Length),
            // it is unknown what a well-known attribute without a definition means
            (attribute_with(0x40, 77, &[1]), 77, Flaw::Flags),
        ] {
            let expected = Attributes { malformed: vec![Malformed { code, flaw }], ..Attributes::default() };
            assert_eq!(attributes(&[bad], AsWidth::Two), expected);
        }
        let twice = attributes(&[attribute(4, &[0, 0, 0, 1]), attribute(4, &[0, 0, 0, 2])], AsWidth::Two);
        assert_eq!(twice.med, Some(1));
        assert_eq!(twice.malformed, [Malformed { code: 4, flaw: Flaw::Repeated }]);
        assert!(!twice.withdraws());
        assert!(attributes(&[attribute(2, &[9, 1, 0, 1])], AsWidth::Two).withdraws());
    }

    #[test]
    fn a_long_length_field_may_hold_a_short_length() {
        let long = [&[0x50, 1, 0, 1, 2][..], &[0x90, 4, 0, 4, 0, 0, 0, 9]].concat();
        let read = read(&long, AsWidth::Two).unwrap().attributes;
        assert_eq!((read.origin, read.med, read.malformed), (Some(Origin::Incomplete), Some(9), vec![]));
    }

    #[test]
    fn mandatory_attributes_are_missed_where_routes_are_announced() {
        let missed = |list: &[Vec<u8>], plain| {
            let bytes = list.concat();
            let mut section = read(&bytes, AsWidth::Two).unwrap();
            section.require_mandatory(plain);
            section.attributes.malformed.iter().map(|malformed| (malformed.code, malformed.flaw)).collect::<Vec<_>>()
        };
        let all = [attribute(1, &[0]), attribute(2, &[]), attribute(3, &[192, 0, 2, 1])];
        assert_eq!(missed(&all, true), []);
        assert_eq!(missed(&all[..2], false), []);
        assert_eq!(missed(&all[..2], true), [(3, Flaw::Missing)]);
        assert_eq!(missed(&[], false), [(1, Flaw::Missing), (2, Flaw::Missing)]);
        // there, and malformed: noted once
        assert_eq!(missed(&[attribute(1, &[7]), attribute(2, &[])], false), [(1, Flaw::Value)]);
    }

    #[test]
    fn a_section_that_is_cut_short_is_refused() {
        let whole = [attribute(1, &[0]), attribute(4, &[0, 0, 0, 1])].concat();
        for end in 1..whole.len() {
            // except between the two
            assert_eq!(read(&whole[..end], AsWidth::Two).is_ok(), end == 4);
        }
        let twice = [attribute(14, &[0, 2, 1]), attribute(14, &[0, 2, 1])].concat();
        assert!(read(&twice, AsWidth::Two).is_err());
    }

    #[test]
    fn four_byte_numbers_are_merged_on_two_byte_sessions_only() {
        let list = [
            attribute(2, &[2, 2, 0, 1, 0x5b, 0xa0]),
            attribute(7, &[0x5b, 0xa0, 10, 0, 0, 1]),
            attribute(17, &[2, 1, 0, 1, 0x11, 0x70]),
            attribute(18, &[0, 1, 0x11, 0x70, 10, 0, 0, 2]),
        ];
        let old = attributes(&list, AsWidth::Two);
        assert_eq!(old.as_path.to_string(), "1 70000");
        assert_eq!(old.aggregator, Some((70_000, Ipv4Addr::new(10, 0, 0, 2))));

        // aggregated by an AS of its own since: both AS4 attributes are void
        let mut stale = list.clone();
        stale[1] = attribute(7, &[0, 9, 10, 0, 0, 1]);
        let stale = attributes(&stale, AsWidth::Two);
        assert_eq!(stale.as_path.to_string(), "1 23456");
        assert_eq!(stale.aggregator, Some((9, Ipv4Addr::new(10, 0, 0, 1))));

        let alone = attributes(&list[3..], AsWidth::Two);
        assert_eq!(alone.aggregator, Some((70_000, Ipv4Addr::new(10, 0, 0, 2))));

        let new = [attribute(2, &[2, 1, 0, 0, 0x5b, 0xa0]), list[2].clone(), list[3].clone()];
        let new = attributes(&new, AsWidth::Four);
        assert_eq!(new.as_path.to_string(), "23456");
        assert_eq!(new.aggregator, None);
    }

    #[test]
    fn random_sections_never_panic() {
        let mut random = super::super::testing::Random::new(7);
        for _ in 0..20_000 {
            let bytes = random.bytes(64);
            // well-formed on the outside, so that values are reached
            let mut list = Vec::new();
            for chunk in bytes.chunks(9) {
                let code = chunk[0] % 40;
                list.push(attribute(code, &chunk[1..]));
            }
            for width in [AsWidth::Two, AsWidth::Four] {
                if let Ok(section) = read(&list.concat(), width) {
                    let _ = section.of_table().as_path.to_string();
                }
                let _ = read(&bytes, width);
            }
        }
    }

    #[test]
    fn a_next_hop_may_be_ipv6_in_tables() {
        let six: IpAddr = "2001:db8::1".parse().unwrap();
        let IpAddr::V6(octets) = six else { unreachable!("an address with colons is IPv6") };
        let read = attributes(&[attribute(3, &octets.octets())], AsWidth::Four);
        assert_eq!(read.next_hop, Some(six));
    }
}

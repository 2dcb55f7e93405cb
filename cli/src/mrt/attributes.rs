//! Path attributes: cut apart here, decoded by `bgpkit-parser`, merged and made neutral here.

use std::net::Ipv4Addr;
use std::panic;

use bgpkit_parser::bgp::attributes::parse_attributes;
use bgpkit_parser::models::{
    AsPath as ParsedPath, AsPathSegment, AsnLength, AttributeValue, Community, Origin as ParsedOrigin,
};

use super::as_path::{AsPath, Segment};
use super::cursor::{Afi, AsWidth, Cursor, Reason};
use super::nlri;
use super::route::{Attributes, Origin};

const NEXT_HOP: u8 = 3;
const MP_REACH: u8 = 14;
const MP_UNREACH: u8 = 15;
const EXTENDED_COMMUNITIES: u8 = 16;

const EXTENDED_LENGTH: u8 = 0x10;

/// Stands for an AS number that does not fit into two bytes (RFC 6793).
const AS_TRANS: u32 = 23_456;

/// An attribute section with the attributes that carry prefixes set apart, as only its owner knows how to read
/// those.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Section<'a> {
    pub(super) attributes: Attributes,
    pub(super) reach: Option<&'a [u8]>,
    pub(super) unreach: Option<&'a [u8]>,
}

/// Reads a whole section. A section that does not divide into attributes is an error: prefixes may be among what
/// is lost. An attribute that does not decode is left out and counted.
pub(super) fn read(bytes: &[u8], width: AsWidth) -> Result<Section<'_>, Reason> {
    let mut section = Section::default();
    let mut seen = [false; 256];
    // what bgpkit is to decode, and only that: a small surface for hostile bytes
    let mut known = Vec::with_capacity(bytes.len());
    let mut cursor = Cursor(bytes);
    while !cursor.is_empty() {
        let whole = cursor.0;
        let flags = cursor.u8()?;
        let code = cursor.u8()?;
        let length = match flags & EXTENDED_LENGTH {
            0 => cursor.u8()?.into(),
            _ => cursor.u16()?,
        };
        let value = cursor.take(length.into()).map_err(|reason| format!("attribute {code}: {reason}"))?;
        if std::mem::replace(&mut seen[usize::from(code)], true) {
            if matches!(code, MP_REACH | MP_UNREACH) {
                return Err(format!("attribute {code} comes twice"));
            }
            section.attributes.malformed += 1; // RFC 7606: the first one counts
            continue;
        }
        let attributes = &mut section.attributes;
        match (code, value.len()) {
            (MP_REACH, _) => section.reach = Some(value),
            (MP_UNREACH, _) => section.unreach = Some(value),
            // Tables of IPv6 routes at times have an IPv6 address here.
            (NEXT_HOP, 4) => attributes.next_hop = Cursor(value).address(Afi::Ipv4).ok(),
            (NEXT_HOP, 16) => attributes.next_hop = Cursor(value).address(Afi::Ipv6).ok(),
            (EXTENDED_COMMUNITIES, length) if length.is_multiple_of(8) => {
                attributes.extended_communities = value.as_chunks().0.to_vec();
            }
            // bgpkit takes what it needs of an attribute that is too long, so lengths are checked here.
            (1, 1) | (2 | 17, _) | (4 | 5, 4) | (6, 0) | (7, 6 | 8) | (18, 8) => {
                known.extend_from_slice(&whole[..whole.len() - cursor.left()]);
            }
            (8, length) if length.is_multiple_of(4) => {
                known.extend_from_slice(&whole[..whole.len() - cursor.left()]);
            }
            (32, length) if length.is_multiple_of(12) => {
                known.extend_from_slice(&whole[..whole.len() - cursor.left()]);
            }
            (1..=8 | 16 | 18 | 32, _) => attributes.malformed += 1,
            _ => attributes.unknown += 1,
        }
    }
    decode(known, width, &mut section.attributes)?;
    Ok(section)
}

impl Section<'_> {
    /// The attributes of a route in a table, where MP_REACH_NLRI is there for its next hop alone.
    pub(super) fn of_table(mut self) -> Attributes {
        match self.reach.map(nlri::table_next_hop) {
            Some(Ok(next_hop)) => self.attributes.next_hop = Some(next_hop),
            Some(Err(_)) => self.attributes.malformed += 1,
            None => {}
        }
        self.attributes
    }
}

/// Adds what bgpkit reads from `known` to `into`.
fn decode(known: Vec<u8>, width: AsWidth, into: &mut Attributes) -> Result<(), Reason> {
    let asn_length = match width {
        AsWidth::Two => AsnLength::Bits16,
        AsWidth::Four => AsnLength::Bits32,
    };
    // 65 million mutated records and 107 million made-up sections did not make it panic, but it says `assert!` and
    // `unreachable!` on its way, and a file must never stop us. This needs `panic = "unwind"`, the default.
    let parsed = panic::catch_unwind(|| parse_attributes(known.into(), &asn_length, false, None, None, None))
        .map_err(|_| "the attribute parser panicked".to_owned())?
        .map_err(|error| error.to_string())?;

    let mut as4_path = None;
    let mut as4_aggregator = None;
    for value in parsed {
        match value {
            AttributeValue::Origin(origin) => into.origin = Some(neutral_origin(origin)),
            AttributeValue::AsPath(path) => into.as_path = neutral_path(&path),
            AttributeValue::As4Path(path) => as4_path = Some(neutral_path(&path)),
            AttributeValue::MultiExitDiscriminator(med) => into.med = Some(med),
            AttributeValue::LocalPreference(preference) => into.local_pref = Some(preference),
            AttributeValue::AtomicAggregate => into.atomic_aggregate = true,
            AttributeValue::Aggregator { asn, id } => into.aggregator = Some((asn.into(), id)),
            AttributeValue::As4Aggregator { asn, id } => as4_aggregator = Some((asn.into(), id)),
            AttributeValue::Communities(list) => {
                into.communities = list.into_iter().map(number).collect();
            }
            AttributeValue::LargeCommunities(list) => {
                let triple =
                    |c: &bgpkit_parser::models::LargeCommunity| (c.global_admin, c.local_data[0], c.local_data[1]);
                into.large_communities = list.iter().map(triple).collect();
            }
            // it was handed nothing that it does not know, so this is what it failed to decode
            _ => into.malformed += 1,
        }
    }
    // Speakers of four-byte numbers have no use for these two among themselves and discard them (RFC 6793 4.1).
    if width == AsWidth::Two {
        merge(into, as4_path, as4_aggregator);
    }
    Ok(())
}

/// RFC 6793 4.2.3, and for an AS4_AGGREGATOR without AGGREGATOR, which the RFC leaves open, what FRR does.
fn merge(into: &mut Attributes, path: Option<AsPath>, aggregator: Option<(u32, Ipv4Addr)>) {
    if let Some(wide) = aggregator {
        if into.aggregator.is_some_and(|(asn, _)| asn != AS_TRANS) {
            // An old speaker has aggregated since: both AS4 attributes are of a route that is no more.
            return;
        }
        into.aggregator = Some(wide);
    }
    if let Some(path) = path {
        into.as_path = std::mem::take(&mut into.as_path).merged_with(path);
    }
}

fn neutral_origin(origin: ParsedOrigin) -> Origin {
    match origin {
        ParsedOrigin::IGP => Origin::Igp,
        ParsedOrigin::EGP => Origin::Egp,
        ParsedOrigin::INCOMPLETE => Origin::Incomplete,
    }
}

fn neutral_path(path: &ParsedPath) -> AsPath {
    let numbers = |segment: &AsPathSegment| segment.iter().map(|&asn| asn.into()).collect();
    let segments = path.segments.iter().map(|segment| match segment {
        AsPathSegment::AsSequence(_) => Segment::Sequence(numbers(segment)),
        AsPathSegment::AsSet(_) => Segment::Set(numbers(segment)),
        AsPathSegment::ConfedSequence(_) => Segment::ConfedSequence(numbers(segment)),
        AsPathSegment::ConfedSet(_) => Segment::ConfedSet(numbers(segment)),
    });
    AsPath { segments: segments.collect() }
}

/// A community as the number it was on the wire.
fn number(community: Community) -> u32 {
    match community {
        Community::NoExport => 0xffff_ff01,
        Community::NoAdvertise => 0xffff_ff02,
        Community::NoExportSubConfed => 0xffff_ff03,
        Community::Custom(asn, value) => (u32::from(asn) << 16) | u32::from(value),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{attribute, v4};
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
            malformed: 0,
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
    fn what_does_not_decode_is_left_out_and_counted() {
        for bad in [
            attribute(1, &[3]),
            attribute(1, &[0, 0]),
            attribute(2, &[2, 2, 0, 1]),
            attribute(2, &[9, 1, 0, 1]),
            attribute(3, &[1, 2, 3]),
            attribute(4, &[0, 0, 0, 5, 0]),
            attribute(6, &[1]),
            attribute(7, &[0; 7]),
            attribute(8, &[0; 5]),
            attribute(16, &[0; 9]),
            attribute(32, &[0; 13]),
        ] {
            let expected = Attributes { malformed: 1, ..Attributes::default() };
            assert_eq!(attributes(&[bad], AsWidth::Two), expected);
        }
        let twice = attributes(&[attribute(4, &[0, 0, 0, 1]), attribute(4, &[0, 0, 0, 2])], AsWidth::Two);
        assert_eq!((twice.med, twice.malformed), (Some(1), 1));
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

//! Lists of prefixes, in UPDATE messages and in MP_REACH_NLRI and MP_UNREACH_NLRI.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::cursor::{Afi, Cursor, Reason};
use super::family::Family;
use super::route::{Prefix, Safi};

/// A prefix and, with add-path, the identifier of the path to it.
pub(super) type PathPrefix = (Prefix, Option<u32>);

/// The prefixes of one MP attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Multiprotocol {
    pub(super) family: Family,
    /// `None` for a family that does not consist of plain prefixes.
    pub(super) safi: Option<Safi>,
    pub(super) next_hop: Option<IpAddr>,
    pub(super) prefixes: Vec<PathPrefix>,
}

/// One prefix: its length in bits, and as many bytes as these need.
pub(super) fn prefix(cursor: &mut Cursor<'_>, afi: Afi) -> Result<Prefix, Reason> {
    let bits = cursor.u8()?;
    let bytes = cursor.take(usize::from(bits).div_ceil(8))?;
    let address = match afi {
        Afi::Ipv4 => padded(bytes).map(|octets: [u8; 4]| IpAddr::V4(Ipv4Addr::from(octets))),
        Afi::Ipv6 => padded(bytes).map(|octets: [u8; 16]| IpAddr::V6(Ipv6Addr::from(octets))),
    };
    address
        .and_then(|address| Prefix::new(address, bits))
        .ok_or_else(|| format!("a prefix of {bits} bits is impossible for {afi:?}"))
}

/// `bytes` padded with zeros; `None` if there are too many.
fn padded<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    let mut octets = [0; N];
    octets.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(octets)
}

/// Reads a whole list. The record says whether it uses add-path (RFC 8050), and some collectors said so wrongly: they
/// wrote what they received in add-path sessions into records that are not labelled so. If such a list is read as
/// labelled, a path identifier becomes routes that nobody sent: one of 0 to 65,535 begins with two default routes.
///
/// Therefore a list that contains the same prefix twice, or sets bits beyond a prefix's length, is read with
/// identifiers too. If that yields a list without such oddities, the label is wrong if the default route occurred
/// twice. In the other cases the label may be right, and guessing would invent routes: the record is rejected. A list
/// that cannot be read with identifiers is read as labelled, oddities included.
pub(super) fn prefixes(bytes: &[u8], afi: Afi, add_path: bool) -> Result<Vec<PathPrefix>, Reason> {
    if add_path {
        return List::read(bytes, afi, true).whole();
    }
    let plain = List::read(bytes, afi, false);
    if plain.is_clean() {
        return Ok(plain.prefixes);
    }
    let labelled = List::read(bytes, afi, true);
    if !labelled.is_clean() {
        return plain.whole();
    }
    let defaults = plain.prefixes.iter().filter(|(prefix, _)| prefix.length() == 0).count();
    if defaults > 1 {
        return Ok(labelled.prefixes);
    }
    match plain.error {
        Some(error) => {
            Err(format!("{error}; the list reads with add-path identifiers, which the record is not labelled to have"))
        }
        None => Err("a list of prefixes reads with add-path identifiers and, with oddities, without".to_owned()),
    }
}

/// A list, as far as it can be read.
struct List {
    prefixes: Vec<PathPrefix>,
    error: Option<Reason>,
    /// A prefix has bits beyond its length, which must be ignored, and which no known router sets.
    stray_bits: bool,
}

impl List {
    fn read(bytes: &[u8], afi: Afi, add_path: bool) -> Self {
        let mut list = Self { prefixes: Vec::new(), error: None, stray_bits: false };
        let mut cursor = Cursor(bytes);
        while !cursor.is_empty() && list.error.is_none() {
            let route = (|| {
                let path_id = if add_path { Some(cursor.u32()?) } else { None };
                let bytes = cursor.0;
                Ok((prefix(&mut cursor, afi)?, path_id, &bytes[..bytes.len() - cursor.left()]))
            })();
            match route {
                Ok((prefix, path_id, bytes)) => {
                    list.stray_bits |= has_stray_bits(bytes);
                    list.prefixes.push((prefix, path_id));
                }
                Err(error) => list.error = Some(error),
            }
        }
        list
    }

    fn whole(self) -> Result<Vec<PathPrefix>, Reason> {
        self.error.map_or(Ok(self.prefixes), Err)
    }

    fn is_clean(&self) -> bool {
        self.error.is_none() && !self.stray_bits && !self.has_repetition()
    }

    fn has_repetition(&self) -> bool {
        // Most lists have one prefix or a few; a hostile one has 65,535 bytes.
        match &self.prefixes[..] {
            [] | [_] => false,
            few if few.len() <= 8 => few.iter().enumerate().any(|(at, route)| few[..at].contains(route)),
            many => {
                let mut seen = HashSet::with_capacity(many.len());
                !many.iter().all(|route| seen.insert(route))
            }
        }
    }
}

/// Whether an encoded prefix sets bits beyond its length.
fn has_stray_bits(encoded: &[u8]) -> bool {
    match encoded {
        [bits, .., last] => !bits.is_multiple_of(8) && last & (0xff >> (bits % 8)) != 0,
        _ => false,
    }
}

/// An MP_REACH_NLRI in the form of UPDATE messages (RFC 4760 3).
pub(super) fn reach(value: &[u8], add_path: bool) -> Result<Multiprotocol, Reason> {
    let mut cursor = Cursor(value);
    let (family, read) = family(&mut cursor)?;
    let length = cursor.u8()?;
    let hop = cursor.take(length.into())?;
    cursor.u8()?; // reserved
    let Some((afi, safi)) = read else {
        return Ok(Multiprotocol { family, safi: None, next_hop: None, prefixes: Vec::new() });
    };
    let next_hop = Some(next_hop(hop)?);
    Ok(Multiprotocol { family, safi: Some(safi), next_hop, prefixes: prefixes(cursor.rest(), afi, add_path)? })
}

/// An MP_UNREACH_NLRI (RFC 4760 4).
pub(super) fn unreach(value: &[u8], add_path: bool) -> Result<Multiprotocol, Reason> {
    let mut cursor = Cursor(value);
    let (family, read) = family(&mut cursor)?;
    let prefixes = match read {
        Some((afi, _)) => prefixes(cursor.rest(), afi, add_path)?,
        None => Vec::new(),
    };
    Ok(Multiprotocol { family, safi: read.map(|(_, safi)| safi), next_hop: None, prefixes })
}

/// The next hop in a table's MP_REACH_NLRI. RFC 6396 4.3.4 keeps only the next hop and its length there, and many
/// writers write all of it. A length is never 0 and the first byte of an AFI always is, which distinguishes the two.
pub(super) fn table_next_hop(value: &[u8]) -> Result<IpAddr, Reason> {
    let mut cursor = Cursor(value);
    if value.first() == Some(&0) {
        cursor.take(3)?;
    }
    let length = cursor.u8()?;
    next_hop(cursor.take(length.into())?)
}

/// A family, and its address family and table if it consists of plain prefixes.
fn family(cursor: &mut Cursor<'_>) -> Result<(Family, Option<(Afi, Safi)>), Reason> {
    let family = Family { afi: cursor.u16()?, safi: cursor.u8()? };
    let safi = match family.safi {
        1 => Some(Safi::Unicast),
        2 => Some(Safi::Multicast),
        _ => None,
    };
    Ok((family, Afi::from_number(family.afi).zip(safi)))
}

/// An IPv4 address, an IPv6 address, or a global and a link-local one, of which the global one is returned. IPv4
/// prefixes may have any of these (RFC 8950), so only the length decides.
fn next_hop(bytes: &[u8]) -> Result<IpAddr, Reason> {
    let mut cursor = Cursor(bytes);
    match bytes.len() {
        4 => cursor.address(Afi::Ipv4),
        16 | 32 => cursor.address(Afi::Ipv6),
        length => Err(format!("a next hop of {length} bytes is impossible")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(list: &[PathPrefix]) -> Vec<String> {
        list.iter()
            .map(|(prefix, id)| match id {
                Some(id) => format!("{prefix} #{id}"),
                None => prefix.to_string(),
            })
            .collect()
    }

    #[test]
    fn a_default_route_among_others_is_not_taken_for_add_path() {
        // bgpkit-parser 0.23 takes the zero for an add-path identifier here and gives up the whole list
        let bytes = [0, 24, 192, 0, 2, 24, 192, 0, 3];
        let list = prefixes(&bytes, Afi::Ipv4, false).unwrap();
        assert_eq!(text(&list), ["0.0.0.0/0", "192.0.2.0/24", "192.0.3.0/24"]);
    }

    #[test]
    fn add_path_lists_carry_identifiers() {
        let bytes = [0, 0, 0, 7, 12, 10, 31, 0, 0, 0, 8, 0];
        let list = prefixes(&bytes, Afi::Ipv4, true).unwrap();
        assert_eq!(text(&list), ["10.16.0.0/12 #7", "0.0.0.0/0 #8"]);
    }

    #[test]
    fn lists_that_do_not_end_where_they_should_are_refused() {
        assert!(prefixes(&[24, 192, 0], Afi::Ipv4, false).is_err());
        assert!(prefixes(&[33, 192, 0, 2, 1, 0], Afi::Ipv4, false).is_err());
        assert!(prefixes(&[129; 18], Afi::Ipv6, false).is_err());
        assert!(prefixes(&[255; 40], Afi::Ipv6, false).is_err());
        assert!(prefixes(&[0, 0, 0, 1], Afi::Ipv4, true).is_err());
    }

    #[test]
    fn reach_and_unreach_hold_family_next_hop_and_prefixes() {
        let global: Ipv6Addr = "2001:db8::1".parse().unwrap();
        let mut value = vec![0, 2, 1, 32];
        value.extend(global.octets());
        value.extend([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        value.extend([0, 32, 0x20, 0x01, 0x0d, 0xb8]);
        let reached = reach(&value, false).unwrap();
        assert_eq!(reached.next_hop, Some(IpAddr::V6(global)));
        assert_eq!(text(&reached.prefixes), ["2001:db8::/32"]);
        assert!(reach(&value[..value.len() - 1], false).is_err());
        assert_eq!(table_next_hop(&value), Ok(IpAddr::V6(global)));
        assert_eq!(table_next_hop(&value[3..]), Ok(IpAddr::V6(global)));
        assert!(table_next_hop(&[]).is_err() && table_next_hop(&[0, 2, 1, 0]).is_err());

        let withdrawn = unreach(&[0, 1, 2, 8, 10], false).unwrap();
        assert_eq!(withdrawn.safi, Some(Safi::Multicast));
        assert_eq!(text(&withdrawn.prefixes), ["10.0.0.0/8"]);
        // end of RIB, and a VPN family
        assert_eq!(unreach(&[0, 2, 1], false).unwrap().prefixes, []);
        let vpn = unreach(&[0, 1, 128, 1, 2], false).unwrap();
        assert_eq!((vpn.family.to_string(), vpn.safi, vpn.prefixes), ("IPv4 VPN".to_owned(), None, vec![]));
        assert!(reach(&[0, 2, 1, 16, 0], false).is_err(), "a next hop that is cut short");
        for length in [0, 3, 5, 15, 17, 31, 33] {
            let value = [&[0, 1, 1, length][..], &vec![1; length.into()], &[0, 8, 10]].concat();
            assert_eq!(reach(&value, false).unwrap_err(), format!("a next hop of {length} bytes is impossible"));
        }
    }

    #[test]
    fn lengths_up_to_the_address_are_prefixes() {
        for (afi, most) in [(Afi::Ipv4, 32), (Afi::Ipv6, 128)] {
            for (bits, good) in [(most - 1, true), (most, true), (most + 1, false), (255, false)] {
                let bytes = [&[bits][..], &vec![0; usize::from(bits).div_ceil(8)]].concat();
                assert_eq!(prefixes(&bytes, afi, false).is_ok(), good, "{bits} bits");
            }
        }
    }

    #[test]
    fn identifiers_without_a_label_make_no_routes() {
        let read = |bytes: &[u8]| prefixes(bytes, Afi::Ipv4, false).map(|list| text(&list));
        // identifiers of 0 and 256, several, a default route with one, IPv6
        assert_eq!(read(&[0, 0, 0, 0, 24, 203, 0, 113]).unwrap(), ["203.0.113.0/24 #0"]);
        assert_eq!(read(&[0, 0, 1, 0, 24, 203, 0, 113]).unwrap(), ["203.0.113.0/24 #256"]);
        let several = [0, 0, 0, 1, 24, 203, 0, 113, 0, 0, 0, 2, 24, 203, 0, 113, 0, 0, 0, 9, 0];
        assert_eq!(read(&several).unwrap(), ["203.0.113.0/24 #1", "203.0.113.0/24 #2", "0.0.0.0/0 #9"]);
        let six = [0, 0, 0, 1, 32, 0x20, 1, 0xd, 0xb8];
        assert_eq!(text(&prefixes(&six, Afi::Ipv6, false).unwrap()), ["2001:db8::/32 #1"]);
        // an identifier that reads as two good prefixes, the same twice; one that reads as no prefix at all
        let twice = [8, 10, 8, 11, 24, 203, 0, 113, 8, 10, 8, 11, 24, 203, 0, 114];
        assert!(read(&twice).unwrap_err().contains("with oddities, without"));
        let none = [0xff, 0, 0, 1, 24, 203, 0, 113];
        assert!(read(&none).unwrap_err().ends_with("which the record is not labelled to have"));
    }

    #[test]
    fn odd_lists_that_have_no_identifiers_are_read_as_they_are() {
        let read = |bytes: &[u8]| prefixes(bytes, Afi::Ipv4, false).map(|list| text(&list));
        assert_eq!(read(&[23, 10, 0, 1]).unwrap(), ["10.0.0.0/23"]);
        assert_eq!(read(&[8, 10, 8, 10]).unwrap(), ["10.0.0.0/8", "10.0.0.0/8"]);
        assert_eq!(read(&[0, 0]).unwrap(), ["0.0.0.0/0", "0.0.0.0/0"]);
        assert_eq!(read(&[0, 24, 10, 0, 1]).unwrap(), ["0.0.0.0/0", "10.0.1.0/24"]);
        assert_eq!(read(&[]).unwrap(), Vec::<String>::new());
        // and labelled lists are not guessed at
        assert!(prefixes(&[24, 10, 0, 1], Afi::Ipv4, true).is_err());
    }

    #[test]
    fn a_long_list_of_one_prefix_is_read_in_time_that_grows_with_it() {
        let list: Vec<u8> = std::iter::repeat_n([16, 10, 0], 20_000).flatten().collect();
        assert_eq!(prefixes(&list, Afi::Ipv4, false).unwrap().len(), 20_000);
        let defaults = prefixes(&[0; 65_532], Afi::Ipv4, false);
        // 13,106 default routes of one identifier and two bytes: no list with identifiers
        assert_eq!(defaults.unwrap().len(), 65_532);
    }
}

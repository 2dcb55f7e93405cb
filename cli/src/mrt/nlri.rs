//! Lists of prefixes, in UPDATE messages and in MP_REACH_NLRI and MP_UNREACH_NLRI.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::cursor::{Afi, Cursor, Reason};
use super::route::{Prefix, Safi};

/// A prefix and, with add-path, which of the paths to it.
pub(super) type PathPrefix = (Prefix, Option<u32>);

/// The prefixes of one MP attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Multiprotocol {
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

/// `bytes` with zeros after them; `None` where they are too many.
fn padded<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    let mut octets = [0; N];
    octets.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(octets)
}

/// A whole list. Whether it uses add-path is the record's to say (RFC 8050): the bytes do not tell.
pub(super) fn prefixes(bytes: &[u8], afi: Afi, add_path: bool) -> Result<Vec<PathPrefix>, Reason> {
    let mut cursor = Cursor(bytes);
    let mut list = Vec::new();
    while !cursor.is_empty() {
        let path_id = if add_path { Some(cursor.u32()?) } else { None };
        list.push((prefix(&mut cursor, afi)?, path_id));
    }
    Ok(list)
}

/// An MP_REACH_NLRI as UPDATE messages have it (RFC 4760 3).
pub(super) fn reach(value: &[u8], add_path: bool) -> Result<Multiprotocol, Reason> {
    let mut cursor = Cursor(value);
    let family = family(&mut cursor)?;
    let length = cursor.u8()?;
    let hop = cursor.take(length.into())?;
    cursor.u8()?; // reserved
    match family {
        Some((afi, safi)) => Ok(Multiprotocol {
            safi: Some(safi),
            next_hop: Some(next_hop(hop)?),
            prefixes: prefixes(cursor.rest(), afi, add_path)?,
        }),
        None => Ok(UNREAD),
    }
}

/// An MP_UNREACH_NLRI (RFC 4760 4).
pub(super) fn unreach(value: &[u8], add_path: bool) -> Result<Multiprotocol, Reason> {
    let mut cursor = Cursor(value);
    match family(&mut cursor)? {
        Some((afi, safi)) => {
            Ok(Multiprotocol { safi: Some(safi), next_hop: None, prefixes: prefixes(cursor.rest(), afi, add_path)? })
        }
        None => Ok(UNREAD),
    }
}

/// The next hop in a table's MP_REACH_NLRI. RFC 6396 4.3.4 leaves only the next hop and its length there, and
/// many writers put in all of it. A length is never 0 and the first byte of an AFI always, which tells them apart.
pub(super) fn table_next_hop(value: &[u8]) -> Result<IpAddr, Reason> {
    let mut cursor = Cursor(value);
    if value.first() == Some(&0) {
        cursor.take(3)?;
    }
    let length = cursor.u8()?;
    next_hop(cursor.take(length.into())?)
}

const UNREAD: Multiprotocol = Multiprotocol { safi: None, next_hop: None, prefixes: Vec::new() };

fn family(cursor: &mut Cursor<'_>) -> Result<Option<(Afi, Safi)>, Reason> {
    let afi = Afi::from_number(cursor.u16()?);
    let safi = match cursor.u8()? {
        1 => Some(Safi::Unicast),
        2 => Some(Safi::Multicast),
        _ => None,
    };
    Ok(afi.zip(safi))
}

/// An IPv4 address, an IPv6 address, or a global and a link-local one, of which the global one counts. IPv4
/// prefixes may have any of these (RFC 8950), so the length alone decides.
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
        assert_eq!(unreach(&[0, 1, 128, 1, 2], false), Ok(UNREAD));
    }
}

//! What the reader yields: records and their routes, independent of the file format.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use super::as_path::AsPath;
use super::family::Family;
use super::malformed::Malformed;

/// One MRT record that was read completely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The offset of its header in the decompressed stream.
    pub offset: u64,
    /// When the collector wrote it.
    pub timestamp: Timestamp,
    /// Its kind.
    pub kind: RecordKind,
    /// The peer whose session the record is about; `None` for tables, where each route has its own peer.
    pub peer: Option<Arc<PeerInfo>>,
    /// The collector sent this message (the `_LOCAL` subtypes) rather than received it.
    pub local: bool,
    /// Routes announced, or in the table.
    pub announced: Vec<Announced>,
    /// Routes withdrawn.
    pub withdrawn: Vec<Withdrawn>,
    /// The families of the MP_REACH_NLRI and MP_UNREACH_NLRI that do not consist of plain prefixes (VPN, labels, …).
    pub other_families: Vec<Family>,
    /// The errors in attributes, listed once for each section of attributes.
    pub malformed: Vec<Malformed>,
    /// The number of routes in `announced` whose peer is missing from the peer index table.
    pub unknown_peers: u32,
    /// A list of prefixes has add-path identifiers, although the record is not labelled to have any.
    pub unlabelled: bool,
}

impl Record {
    /// An empty record.
    pub(crate) fn new(offset: u64, timestamp: Timestamp, kind: RecordKind) -> Record {
        Record {
            offset,
            timestamp,
            kind,
            peer: None,
            local: false,
            announced: Vec::new(),
            withdrawn: Vec::new(),
            other_families: Vec::new(),
            malformed: Vec::new(),
            unknown_peers: 0,
            unlabelled: false,
        }
    }
}

/// The kind of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// One route of an old table (TABLE_DUMP).
    TableDump,
    /// The peers of the RIB records that follow.
    PeerIndexTable {
        /// The number of peers.
        peers: usize,
    },
    /// The locations of those peers (RFC 6397).
    GeoPeerTable,
    /// The routes of all peers to one prefix.
    Rib,
    /// The session went from one state to another.
    StateChange {
        /// Before.
        old: FsmState,
        /// After.
        new: FsmState,
    },
    /// A BGP OPEN.
    Open,
    /// A BGP UPDATE.
    Update,
    /// A BGP NOTIFICATION.
    Notification,
    /// A BGP KEEPALIVE.
    Keepalive,
    /// A BGP ROUTE-REFRESH.
    RouteRefresh,
}

impl Record {
    /// The states before and after, if the record is a change of state.
    #[must_use]
    pub fn state_change(&self) -> Option<(FsmState, FsmState)> {
        match self.kind {
            RecordKind::StateChange { old, new } => Some((old, new)),
            _ => None,
        }
    }
}

/// A time, with microseconds where the record has them (BGP4MP_ET).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    /// Since 1970.
    pub seconds: u32,
    /// The microseconds in the file; 0 if it has none.
    pub microseconds: u32,
}

/// A state of the BGP finite state machine, by the number it has in MRT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FsmState {
    /// 1
    Idle,
    /// 2
    Connect,
    /// 3
    Active,
    /// 4
    OpenSent,
    /// 5
    OpenConfirm,
    /// 6
    Established,
    /// 7, an addition of Quagga and FRR
    Clearing,
    /// 8, an addition of Quagga and FRR
    Deleted,
    /// Any other number.
    Other(u16),
}

impl FsmState {
    pub(super) fn from_number(number: u16) -> Self {
        match number {
            1 => Self::Idle,
            2 => Self::Connect,
            3 => Self::Active,
            4 => Self::OpenSent,
            5 => Self::OpenConfirm,
            6 => Self::Established,
            7 => Self::Clearing,
            8 => Self::Deleted,
            other => Self::Other(other),
        }
    }
}

/// The neighbour that a route was learnt from, and the collector's end of that session if the file contains it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PeerInfo {
    /// The peer's AS.
    pub remote_as: u32,
    /// The collector's AS; tables do not have it.
    pub local_as: Option<u32>,
    /// The peer's end of the session.
    pub remote_address: IpAddr,
    /// The collector's end of the session; tables do not have it.
    pub local_address: Option<IpAddr>,
    /// The peer's BGP identifier. Only peer index tables have it: a BGP4MP stream seldom holds the OPEN, and
    /// old collectors wrote their own OPENs under the same subtype.
    pub remote_id: Option<Ipv4Addr>,
}

impl PeerInfo {
    /// A peer that a RIB entry names and that is missing from the (missing or damaged) peer index table. AS 0 is
    /// reserved, so no real peer equals it.
    pub(super) const UNKNOWN: Self = Self {
        remote_as: 0,
        local_as: None,
        remote_address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        local_address: None,
        remote_id: None,
    };

    /// Whether the file identifies the peer.
    #[must_use]
    pub fn is_known(&self) -> bool {
        *self != Self::UNKNOWN
    }
}

/// A route that a peer announced, or has in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// The peer that announced it.
    pub peer: Arc<PeerInfo>,
    /// The destination.
    pub prefix: Prefix,
    /// The table that it belongs to.
    pub safi: Safi,
    /// Set if the session or the table uses add-path.
    pub path_id: Option<u32>,
    /// Shared by all prefixes of an UPDATE.
    pub attributes: Arc<Attributes>,
}

/// A route that a peer withdrew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The peer that withdrew it.
    pub peer: Arc<PeerInfo>,
    /// The destination.
    pub prefix: Prefix,
    /// The table that it was in.
    pub safi: Safi,
    /// Set if the session uses add-path.
    pub path_id: Option<u32>,
}

/// The table of its address family to which a prefix belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safi {
    /// For forwarding.
    Unicast,
    /// For reverse path checks of multicast.
    Multicast,
}

/// An address prefix; the bits beyond its length are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix {
    address: IpAddr,
    length: u8,
}

impl Prefix {
    /// Returns `None` if `length` is beyond the address. Clears host bits, whose value is irrelevant by RFC 4271.
    #[must_use]
    pub fn new(address: IpAddr, length: u8) -> Option<Self> {
        // A shift by the whole width is a special case for /0; `checked_shl` gives the empty mask there.
        let address = match address {
            IpAddr::V4(v4) => {
                let host = 32_u32.checked_sub(length.into())?;
                let mask = u32::MAX.checked_shl(host).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from_bits(v4.to_bits() & mask))
            }
            IpAddr::V6(v6) => {
                let host = 128_u32.checked_sub(length.into())?;
                let mask = u128::MAX.checked_shl(host).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
            }
        };
        Some(Self { address, length })
    }

    /// Its first address.
    #[must_use]
    pub fn address(self) -> IpAddr {
        self.address
    }

    /// The number of leading bits that count.
    #[must_use]
    pub fn length(self) -> u8 {
        self.length
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

/// Path attributes, AS4_PATH and AS4_AGGREGATOR already merged in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// ORIGIN
    pub origin: Option<Origin>,
    /// AS_PATH; empty if there is none.
    pub as_path: AsPath,
    /// The next hop of MP_REACH_NLRI for the routes that came in it, of NEXT_HOP for the others. If IPv6 gives a global
    /// and a link-local address, it is the global one.
    pub next_hop: Option<IpAddr>,
    /// MULTI_EXIT_DISC
    pub med: Option<u32>,
    /// LOCAL_PREF
    pub local_pref: Option<u32>,
    /// ATOMIC_AGGREGATE
    pub atomic_aggregate: bool,
    /// AGGREGATOR: its AS and identifier.
    pub aggregator: Option<(u32, Ipv4Addr)>,
    /// COMMUNITIES, the AS in the upper half.
    pub communities: Vec<u32>,
    /// LARGE_COMMUNITY
    pub large_communities: Vec<(u32, u32, u32)>,
    /// EXTENDED COMMUNITIES, as they were sent.
    pub extended_communities: Vec<[u8; 8]>,
    /// The number of attributes whose types have no field here.
    pub unknown: u32,
    /// The errors in attributes; such attributes are left out.
    pub malformed: Vec<Malformed>,
}

impl Attributes {
    /// Whether a router treats the routes as withdrawn because of the errors (RFC 7606). The remaining attributes then
    /// do not describe the route: without its AS_PATH it looks like a local one.
    #[must_use]
    pub fn withdraws(&self) -> bool {
        self.malformed.iter().any(|malformed| malformed.withdraws())
    }
}

/// How a route came into BGP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// 0, `i`
    Igp,
    /// 1, `e`
    Egp,
    /// 2, `?`
    Incomplete,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_lose_their_host_bits_and_know_their_bounds() {
        let text =
            |address: &str, length| Prefix::new(address.parse().unwrap(), length).map(|prefix| prefix.to_string());
        assert_eq!(text("192.0.2.255", 23).as_deref(), Some("192.0.2.0/23"));
        assert_eq!(text("192.0.2.255", 32).as_deref(), Some("192.0.2.255/32"));
        assert_eq!(text("192.0.2.255", 0).as_deref(), Some("0.0.0.0/0"));
        assert_eq!(text("192.0.2.255", 33), None);
        assert_eq!(text("2001:db8::ffff", 32).as_deref(), Some("2001:db8::/32"));
        assert_eq!(text("2001:db8::1", 128).as_deref(), Some("2001:db8::1/128"));
        assert_eq!(text("2001:db8::1", 0).as_deref(), Some("::/0"));
        assert_eq!(text("2001:db8::1", 129), None);
    }
}

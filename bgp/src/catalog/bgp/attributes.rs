//! Attributes of a route.

use std::net::{IpAddr, Ipv4Addr};

use tenterhook_hooks::{HookEnum, HookRecord};

use super::communities::{Communities, ExtendedCommunities, LargeCommunities};

/// Where a route came into BGP (RFC 4271, 5.1.1).
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// From an interior protocol or a network statement.
    Igp = 0,
    /// From EGP.
    Egp = 1,
    /// By other means, mostly redistribution.
    #[default]
    Incomplete = 2,
}

/// Who aggregated a route (RFC 4271, 5.1.7).
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aggregator {
    /// AS number of the aggregating router, 0..4294967295.
    pub asn: u32,
    /// Router ID of the aggregating router.
    pub address: IpAddr,
}

/// Attributes of a route.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Default)]
pub struct Attributes<'a> {
    /// Multi-exit discriminator, 0..4294967295; 0 where the route has none. Lower is preferred.
    #[hook(writable)]
    pub metric: u32,
    /// Index of the interface that the next hop is on; 0 where that is not known.
    pub ifindex: u32,
    /// AS path as text, such as "65001 65002 {65003,65004}"; empty for routes of this AS.
    pub aspath: &'a str,
    /// Local preference, 0..4294967295; 0 where the route has none. Higher is preferred.
    #[hook(writable)]
    pub localpref: u32,
    /// Where the route came into BGP.
    #[hook(writable)]
    pub origin: Origin,
    /// Next hop; nil where the route has none. Cannot be removed where BGP needs one.
    #[hook(writable)]
    pub next_hop: Option<IpAddr>,
    /// Communities such as "65000:100", in the route's order; well-known ones as numbers too ("65535:65281"). An answer
    /// may name those ("no-export").
    #[hook(writable)]
    pub communities: Communities<'a>,
    /// Large communities such as "65000:1:2", in the route's order.
    #[hook(writable)]
    pub large_communities: LargeCommunities<'a>,
    /// Extended communities: "rt:65000:1", "soo:192.0.2.1:5", others as "0x" and 16 hexadecimal digits.
    #[hook(writable)]
    pub extended_communities: ExtendedCommunities<'a>,
    /// AS numbers of the path, nearest first, members of sets one after the other. An answer replaces the whole path with
    /// a sequence of these.
    #[hook(writable)]
    pub as_path: &'a [u32],
    /// AS numbers to put in front of the path, the first one outermost; comes in empty, at most 64.
    #[hook(writable, max = 64)]
    pub prepend: &'a [u32],
    /// Weight, 0..4294967295, local to this router. Higher is preferred.
    #[hook(writable)]
    pub weight: u32,
    /// Route tag, 0..4294967295; 0 where the route has none.
    #[hook(writable)]
    pub tag: u32,
    /// Who aggregated the route; nil if it was not aggregated.
    pub aggregator: Option<Aggregator>,
}

impl Attributes<'static> {
    /// Attributes of an ordinary route, from documentation numbers.
    pub const SAMPLE: Attributes<'static> = Attributes {
        metric: 50,
        ifindex: 2,
        aspath: "64500 64510 64511",
        localpref: 100,
        origin: Origin::Igp,
        next_hop: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
        communities: Communities(&[64500 << 16 | 100, 64500 << 16 | 200, 65535 << 16 | 65281]),
        large_communities: LargeCommunities(&[[64500, 1, 2]]),
        extended_communities: ExtendedCommunities(&[[0x00, 0x02, 0xfb, 0xf4, 0, 0, 0, 100]]),
        as_path: &[64500, 64510, 64511],
        prepend: &[],
        weight: 0,
        tag: 0,
        aggregator: None,
    };
}

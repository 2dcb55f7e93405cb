//! The routes that handlers are called for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::{Context, Result};
use tenterhook::hooks::value::Prefix;
use tenterhook_bgp::catalog::bgp::{
    Aggregator, Attributes, Communities, ExtendedCommunities, LargeCommunities, Origin, Peer, PeerState, PeerStats,
    PeerTimers, RouteMatchArgs, Timers,
};

const fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

const fn v6(last: u16) -> IpAddr {
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last))
}

/// Five communities and a path of five, as routes from a transit provider have; nobody aggregated it.
static USUAL: Attributes<'static> = Attributes {
    metric: 150,
    ifindex: 2,
    aspath: "65001 64500 64510 64511 64496",
    localpref: 100,
    origin: Origin::Igp,
    next_hop: Some(v4(192, 0, 2, 1)),
    communities: Communities(&[
        65001 << 16 | 100,
        65001 << 16 | 200,
        65001 << 16 | 3000,
        64500 << 16 | 64510,
        65535 << 16 | 65281,
    ]),
    large_communities: LargeCommunities(&[]),
    extended_communities: ExtendedCommunities(&[]),
    as_path: &[65001, 64500, 64510, 64511, 64496],
    prepend: &[],
    weight: 0,
    tag: 0,
    aggregator: None,
};

static UPSTREAM: Peer<'static> = Peer {
    remote_as: 65001,
    local_as: 64496,
    remote_id: Ipv4Addr::new(192, 0, 2, 1),
    local_id: Ipv4Addr::new(198, 51, 100, 1),
    state: PeerState::Established,
    description: "transit, rack 12",
    uptime: 86_400,
    last_readtime: 90_000,
    last_resettime: 86_390,
    local_address: Some(v4(192, 0, 2, 2)),
    remote_address: v4(192, 0, 2, 1),
    capabilities: 0x1_00ff,
    flags: 0x20,
    timers: PeerTimers {
        configured: Timers { hold: 180, keepalive: 60, connect: 120, route_advertisement: 30 },
        negotiated: Timers { hold: 90, keepalive: 30, connect: 120, route_advertisement: 30 },
    },
    stats: PeerStats {
        open_in: 1,
        open_out: 1,
        update_in: 120_000,
        update_out: 350,
        update_time: 89_990,
        keepalive_in: 2_881,
        keepalive_out: 2_882,
        notify_in: 0,
        notify_out: 1,
        refresh_in: 2,
        refresh_out: 3,
        dynamic_cap_in: 4,
        dynamic_cap_out: 5,
        times_established: 2,
        times_dropped: 1,
    },
};

/// Everything that the usual route lacks, and lacking what it has.
static UNUSUAL: Attributes<'static> = Attributes {
    metric: u32::MAX - 10,
    ifindex: 0,
    aspath: "",
    localpref: 4_000_000_000,
    origin: Origin::Incomplete,
    next_hop: None,
    communities: Communities(&[0]),
    large_communities: LargeCommunities(&[[65001, 1, 2], [u32::MAX, 0, u32::MAX]]),
    extended_communities: ExtendedCommunities(&[[0x00, 0x02, 0xfb, 0xf4, 0, 1, 0, 0], [0x43, 1, 0, 0, 0, 0, 0xab, 9]]),
    as_path: &[],
    prepend: &[64496, 64496],
    weight: 32_768,
    tag: 7,
    aggregator: Some(Aggregator { asn: 4_200_000_000, address: v4(203, 0, 113, 255) }),
};

static NEIGHBOUR: Peer<'static> = Peer {
    remote_as: 0,
    local_as: 4_200_000_001,
    remote_id: Ipv4Addr::UNSPECIFIED,
    state: PeerState::OpenSent,
    description: "",
    local_address: None,
    remote_address: v6(1),
    ..UPSTREAM
};

/// The route that is timed: it comes from the peer that filters look for and is expensive enough for them.
///
/// # Errors
/// None; prefixes are checked at run time.
pub fn timed() -> Result<RouteMatchArgs<'static>> {
    let prefix = Prefix::new(v4(203, 0, 113, 0), 24).context("prefix")?;
    Ok(RouteMatchArgs { prefix, attributes: &USUAL, peer: &UPSTREAM })
}

/// Routes that every engine has to see alike, the timed one first.
///
/// # Errors
/// As [`timed`].
pub fn all() -> Result<Vec<RouteMatchArgs<'static>>> {
    let timed = timed()?;
    let other_peer = RouteMatchArgs { peer: &NEIGHBOUR, ..timed };
    let prefix = Prefix::new(v6(0), 48).context("prefix")?;
    let unusual = RouteMatchArgs { prefix, attributes: &UNUSUAL, peer: &NEIGHBOUR };
    let sample = tenterhook_bgp::catalog::bgp::RouteMatch::sample();
    Ok(vec![timed, other_peer, unusual, sample])
}

//! A route of the routing table.

use std::net::{IpAddr, Ipv4Addr};

use tenterhook_hooks::HookRecord;

/// One next hop of a route.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq)]
pub struct NextHop {
    /// Address of the next router; nil if the destination is on the link, or packets are dropped.
    pub gateway: Option<IpAddr>,
    /// Index of the interface that it is on; 0 where that is not known.
    pub ifindex: u32,
    /// The VRF that it is in.
    pub vrf: u32,
    /// Share of the traffic, against the other next hops' weights.
    pub weight: u32,
    /// Whether it is usable.
    pub active: bool,
    /// Whether packets are dropped.
    pub blackhole: bool,
}

/// A route of the routing table.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq)]
pub struct Route<'a> {
    /// The protocol that it came from, in FRR's words, such as "kernel", "connected", "static" or "bgp".
    pub protocol: &'a str,
    /// Instance of that protocol; 0 if there is only one.
    pub instance: u32,
    /// Administrative distance, 0..255. Lower is preferred.
    pub distance: u32,
    /// Metric. Lower is preferred.
    pub metric: u32,
    /// Route tag; 0 where the route has none.
    pub tag: u32,
    /// MTU in bytes; 0 where none is set.
    pub mtu: u32,
    /// When it was learned, in seconds of the router's monotonic clock.
    pub uptime: i64,
    /// Whether the kernel has it.
    pub installed: bool,
    /// The next hops.
    pub next_hops: &'a [NextHop],
}

impl Route<'static> {
    /// A route from BGP with one next hop, from documentation numbers.
    pub const SAMPLE: Route<'static> = Route {
        protocol: "bgp",
        instance: 0,
        distance: 20,
        metric: 50,
        tag: 0,
        mtu: 0,
        uptime: 90_000,
        installed: true,
        next_hops: &[NextHop {
            gateway: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
            ifindex: 2,
            vrf: 0,
            weight: 1,
            active: true,
            blackhole: false,
        }],
    };
}

//! A BGP peer and its session.

use std::net::{IpAddr, Ipv4Addr};

use tenterhook_hooks::{HookEnum, HookRecord};

/// States of a session (RFC 4271, 8.2.2) and FRR's two for its end, with FRR's names and integers.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PeerState {
    /// Rejects connections, or waits to start.
    #[default]
    #[hook(name = "Idle")]
    Idle = 1,
    /// Waits for its TCP connection.
    #[hook(name = "Connect")]
    Connect = 2,
    /// Tries to get a TCP connection.
    #[hook(name = "Active")]
    Active = 3,
    /// Has sent OPEN.
    #[hook(name = "OpenSent")]
    OpenSent = 4,
    /// Has agreed on OPEN and waits for KEEPALIVE.
    #[hook(name = "OpenConfirm")]
    OpenConfirm = 5,
    /// Exchanges routes.
    #[hook(name = "Established")]
    Established = 6,
    /// Removes the routes of a session that ended.
    #[hook(name = "Clearing")]
    Clearing = 7,
    /// Is being deleted from the configuration.
    #[hook(name = "Deleted")]
    Deleted = 8,
}

/// Timers of a session, in seconds.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timers {
    /// Hold time in seconds; 0 is off.
    pub hold: u32,
    /// Interval of keepalives in seconds; 0 is off.
    pub keepalive: u32,
    /// Time between attempts to connect, in seconds.
    pub connect: u32,
    /// Least time between advertisements of a route, in seconds.
    pub route_advertisement: u32,
}

/// A peer's timers as configured and as agreed on.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PeerTimers {
    /// As configured for this peer; 0 where the default applies.
    pub configured: Timers,
    /// As in use for the session.
    pub negotiated: Timers,
}

/// Messages and events of a peer since it was configured.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PeerStats {
    /// OPEN messages received.
    pub open_in: u32,
    /// OPEN messages sent.
    pub open_out: u32,
    /// UPDATE messages received.
    pub update_in: u32,
    /// UPDATE messages sent.
    pub update_out: u32,
    /// When the last UPDATE was received, in seconds of the router's monotonic clock; 0: never.
    pub update_time: i64,
    /// KEEPALIVE messages received.
    pub keepalive_in: u32,
    /// KEEPALIVE messages sent.
    pub keepalive_out: u32,
    /// NOTIFICATION messages received.
    pub notify_in: u32,
    /// NOTIFICATION messages sent.
    pub notify_out: u32,
    /// ROUTE-REFRESH messages received.
    pub refresh_in: u32,
    /// ROUTE-REFRESH messages sent.
    pub refresh_out: u32,
    /// Messages about dynamic capabilities received.
    pub dynamic_cap_in: u32,
    /// Messages about dynamic capabilities sent.
    pub dynamic_cap_out: u32,
    /// How often the session was established.
    pub times_established: u32,
    /// How often an established session ended.
    pub times_dropped: u32,
}

/// A BGP peer and its session.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer<'a> {
    /// AS number of the peer, 0..4294967295; 0 if it is not known yet.
    pub remote_as: u32,
    /// AS number that this router presents to the peer, 0..4294967295.
    pub local_as: u32,
    /// Router ID of the peer; 0.0.0.0 before its OPEN.
    pub remote_id: Ipv4Addr,
    /// Router ID of this router.
    pub local_id: Ipv4Addr,
    /// State of the session.
    pub state: PeerState,
    /// Description from the configuration; empty where there is none.
    pub description: &'a str,
    /// When the session was established or ended last, in seconds of the router's monotonic clock.
    pub uptime: i64,
    /// When something was read last, in seconds of the router's monotonic clock; 0: never.
    pub last_readtime: i64,
    /// When the session was reset last, in seconds of the router's monotonic clock; 0: never.
    pub last_resettime: i64,
    /// Address of this end of the session; nil without a connection.
    pub local_address: Option<IpAddr>,
    /// Address of the peer.
    pub remote_address: IpAddr,
    /// Capabilities sent and received, as FRR's PEER_CAP bits.
    pub capabilities: u64,
    /// Configured options, as FRR's PEER_FLAG bits.
    pub flags: u64,
    /// Timers as configured and as agreed on.
    pub timers: PeerTimers,
    /// Messages and events since the peer was configured.
    pub stats: PeerStats,
}

impl Peer<'static> {
    /// An established peer, from documentation numbers.
    pub const SAMPLE: Peer<'static> = Peer {
        remote_as: 64500,
        local_as: 64496,
        remote_id: Ipv4Addr::new(192, 0, 2, 1),
        local_id: Ipv4Addr::new(198, 51, 100, 1),
        state: PeerState::Established,
        description: "upstream",
        uptime: 86_400,
        last_readtime: 90_000,
        last_resettime: 86_390,
        local_address: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2))),
        remote_address: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        capabilities: 0,
        flags: 0,
        timers: PeerTimers {
            configured: Timers { hold: 0, keepalive: 0, connect: 0, route_advertisement: 0 },
            negotiated: Timers { hold: 180, keepalive: 60, connect: 120, route_advertisement: 30 },
        },
        stats: PeerStats {
            open_in: 1,
            open_out: 1,
            update_in: 1200,
            update_out: 35,
            update_time: 89_990,
            keepalive_in: 60,
            keepalive_out: 61,
            notify_in: 0,
            notify_out: 0,
            refresh_in: 0,
            refresh_out: 0,
            dynamic_cap_in: 0,
            dynamic_cap_out: 0,
            times_established: 1,
            times_dropped: 0,
        },
    };
}

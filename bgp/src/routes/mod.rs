//! Routes as arguments of the hook points in the catalog.
//!
//! ```text
//! mrt::Record ──▶ Importer ──┐
//!                            ├──▶ Route { prefix, attributes, peer } ──▶ RouteMatchArgs, BgpProcessArgs
//! Generator ─────────────────┘    owned, shared where routes share       borrowed, for one call
//! ```

mod generate;
#[cfg(feature = "mrt")]
mod import;
#[cfg(feature = "mrt")]
mod left_out;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use tenterhook_hooks::value::Prefix;

use crate::catalog::bgp::{
    Aggregator, Attributes, BgpProcessArgs, Communities, ExtendedCommunities, LargeCommunities, Origin, Peer,
    PeerState, PeerStats, PeerTimers, RouteMatchArgs,
};

pub use generate::Generator;
#[cfg(feature = "mrt")]
pub use import::{Importer, state};
#[cfg(feature = "mrt")]
pub use left_out::LeftOut;

/// A route from any source.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The destination.
    pub prefix: Prefix,
    /// Its attributes; the routes of one UPDATE share them.
    pub attributes: Arc<RouteAttributes>,
    /// The peer that sent it; the routes of one session share it.
    pub peer: Arc<RoutePeer>,
    /// When it was received, in seconds since 1970; 0 if that is not known.
    pub time: i64,
}

/// Attributes that own what [`Attributes`] borrows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RouteAttributes {
    /// Multi-exit discriminator.
    pub metric: u32,
    /// Local preference.
    pub localpref: u32,
    /// Where the route came into BGP.
    pub origin: Origin,
    /// AS path as text, as FRR prints it.
    pub aspath: String,
    /// AS numbers of the path.
    pub as_path: Vec<u32>,
    /// Next hop.
    pub next_hop: Option<IpAddr>,
    /// Communities.
    pub communities: Vec<u32>,
    /// Large communities.
    pub large_communities: Vec<[u32; 3]>,
    /// Extended communities.
    pub extended_communities: Vec<[u8; 8]>,
    /// Who aggregated the route.
    pub aggregator: Option<Aggregator>,
}

/// A peer, as far as routes describe it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoutePeer {
    /// AS number of the peer.
    pub remote_as: u32,
    /// AS number of this end.
    pub local_as: u32,
    /// Router ID of the peer.
    pub remote_id: Ipv4Addr,
    /// Address of the peer.
    pub remote_address: IpAddr,
    /// Address of this end.
    pub local_address: Option<IpAddr>,
    /// A remark about it; empty for most.
    pub description: &'static str,
}

impl Route {
    /// Arguments of `bgp.route_match` for this route.
    pub fn with_match_args<T>(&self, work: impl FnOnce(&RouteMatchArgs<'_>) -> T) -> T {
        let (attributes, peer) = (self.attributes.view(), self.peer.view(PeerState::Established, self.time));
        work(&RouteMatchArgs { prefix: self.prefix, attributes: &attributes, peer: &peer })
    }

    /// Arguments of `bgp.process` for this route, announced.
    pub fn with_process_args<T>(&self, work: impl FnOnce(&BgpProcessArgs<'_>) -> T) -> T {
        let (attributes, peer) = (self.attributes.view(), self.peer.view(PeerState::Established, self.time));
        work(&BgpProcessArgs { prefix: self.prefix, peer: &peer, attributes: Some(&attributes), withdrawn: false })
    }
}

impl RouteAttributes {
    /// The attributes as arguments.
    pub fn view(&self) -> Attributes<'_> {
        Attributes {
            metric: self.metric,
            ifindex: 0,
            aspath: &self.aspath,
            localpref: self.localpref,
            origin: self.origin,
            next_hop: self.next_hop,
            communities: Communities(&self.communities),
            large_communities: LargeCommunities(&self.large_communities),
            extended_communities: ExtendedCommunities(&self.extended_communities),
            as_path: &self.as_path,
            prepend: &[],
            weight: 0,
            tag: 0,
            aggregator: self.aggregator,
        }
    }
}

impl RoutePeer {
    /// The peer as an argument, last heard of at `time`. What only a router knows, such as timers and statistics, is
    /// zero.
    pub fn view(&self, state: PeerState, time: i64) -> Peer<'static> {
        Peer {
            remote_as: self.remote_as,
            local_as: self.local_as,
            remote_id: self.remote_id,
            local_id: Ipv4Addr::UNSPECIFIED,
            state,
            description: self.description,
            uptime: 0,
            last_readtime: time,
            last_resettime: 0,
            local_address: self.local_address,
            remote_address: self.remote_address,
            capabilities: 0,
            flags: 0,
            timers: PeerTimers::default(),
            stats: PeerStats::default(),
        }
    }
}

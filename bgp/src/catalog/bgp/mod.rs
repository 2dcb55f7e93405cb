//! BGP: routes, their attributes, peers.
//!
//! ```text
//! RouteMatch ───────┬─ prefix       Prefix
//! RouteSet ─────────┼─ attributes   Attributes ── communities, origin, aggregator
//! BgpProcess ───────┤
//! RpkiPrefixStatus ─┤
//! PeerOpen ─────────┼─ peer         Peer ── state, timers, stats
//! PeerStatus ───────┘
//! ```
//!
//! Where FRR's scripting has a field, its name and type are FRR's, so that FRR's scripts run unchanged:
//! `prefix.network`, `attributes.metric`, `peer.remote_id.string`. Unlike FRR's, the peer has no password field: a
//! schema contains no secrets. Community strings are lists here.

mod attributes;
mod communities;
mod peer;
mod peer_open;
mod peer_status;
mod process;
mod route_match;
mod route_set;
mod rpki_prefix_status;

pub use attributes::{Aggregator, Attributes, AttributesChange, Origin};
pub use communities::{Communities, ExtendedCommunities, LargeCommunities};
pub use peer::{Peer, PeerState, PeerStats, PeerTimers, Timers};
pub use peer_open::{OpenAction, PeerOpen, PeerOpenArgs, PeerOpenResults};
pub use peer_status::{PeerStatus, PeerStatusArgs, PeerStatusResults};
pub use process::{BgpProcess, BgpProcessArgs, BgpProcessResults};
pub use route_match::{RouteAction, RouteMatch, RouteMatchArgs, RouteMatchResults};
pub use route_set::{RouteSet, RouteSetArgs, RouteSetResults};
pub use rpki_prefix_status::{RpkiPrefixStatus, RpkiPrefixStatusArgs, RpkiPrefixStatusResults};

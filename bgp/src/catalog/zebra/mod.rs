//! zebra: the routing table and the interfaces of a router.
//!
//! ```text
//! RibUpdate ────── route      Route ── next hops
//! NextHopMatch ─── next_hop   NextHop
//! InterfaceAdd ─┐
//! InterfaceDel ─┼─ interface  Interface ── addresses
//! InterfaceUp ──┤
//! InterfaceDown ┘
//! ```

mod interface;
mod interface_events;
mod next_hop_match;
mod rib_update;
mod route;

pub use interface::Interface;
pub use interface_events::{
    InterfaceAdd, InterfaceAddArgs, InterfaceAddResults, InterfaceDel, InterfaceDelArgs, InterfaceDelResults,
    InterfaceDown, InterfaceDownArgs, InterfaceDownResults, InterfaceUp, InterfaceUpArgs, InterfaceUpResults,
};
pub use next_hop_match::{MatchAction, NextHopMatch, NextHopMatchArgs, NextHopMatchResults};
pub use rib_update::{RibUpdate, RibUpdateArgs, RibUpdateResults};
pub use route::{NextHop, Route};

//! `zebra.next_hop_match`: a route map of zebra decides about a next hop of a route.

use tenterhook_hooks::value::Prefix;
use tenterhook_hooks::{HookEnum, hook_point};

use super::route::NextHop;

/// What a route map's match comes to.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchAction {
    /// The script could not tell; the route map goes on as if nothing matched, and the router logs it.
    Failure = 0,
    /// The route does not match.
    #[hook(name = "NOMATCH")]
    NoMatch = 1,
    /// The route matches.
    Match = 2,
}

hook_point! {
    /// Decides whether a route's next hop matches an entry of a route map that zebra applies (`ip protocol … route-map`).
    ///
    /// The router asks about each next hop; a route of which none is left is not installed.
    pub NextHopMatch = "zebra.next_hop_match", version 1, chain first {
        /// The destination.
        arg prefix: Prefix,
        /// The protocol that the route comes from, in FRR's words, such as "static" or "bgp".
        arg protocol: &'a str,
        /// Instance of that protocol; 0 where there is one only.
        arg instance: u32,
        /// The VRF that the route is in; 0 is the default.
        arg vrf: u32,
        /// The kernel's number of the table that this VRF's routes are in.
        arg table: u32,
        /// Metric. Lower is preferred. 0 where the router does not say.
        arg metric: u32,
        /// Route tag; 0 where the route has none.
        arg tag: u32,
        /// The next hop.
        arg next_hop: NextHop,
        /// Name of the interface that the next hop is on; empty where that is not known.
        arg interface: &'a str,
        constants MatchAction prefix "RM_",
        /// Whether the route matches.
        result action: MatchAction = MatchAction::NoMatch,
    }
}

impl NextHopMatch {
    /// Sample arguments: a route from BGP with one next hop.
    pub fn sample() -> NextHopMatchArgs<'static> {
        use super::route::Route;

        NextHopMatchArgs {
            prefix: Prefix::SAMPLE,
            protocol: Route::SAMPLE.protocol,
            instance: 0,
            vrf: 0,
            table: 254,
            metric: Route::SAMPLE.metric,
            tag: 0,
            next_hop: Route::SAMPLE.next_hops[0],
            interface: "eth0",
        }
    }
}

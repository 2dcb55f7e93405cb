//! `bgp.route_set`: a route map's entry changes a route that it has matched.

use tenterhook_hooks::hook_point;
use tenterhook_hooks::value::Prefix;

use super::attributes::Attributes;
use super::peer::Peer;

hook_point! {
    /// Changes the attributes of a route that a route map's entry permits.
    ///
    /// The entry's match commands have decided already: an answer changes attributes, or nothing. A fault or denial leaves
    /// the route as it was.
    pub RouteSet = "bgp.route_set", version 1, chain first {
        /// The route's prefix.
        arg prefix: Prefix,
        /// The route's attributes. What is changed in them counts only where the answer gives them: attributes =
        /// attributes.
        inout attributes: &'a Attributes<'a>,
        /// The peer that the route came from or goes to.
        arg peer: &'a Peer<'a>,
        /// Whether to remove the private AS numbers (RFC 6996) from the path: after `attributes.as_path` has replaced it,
        /// before `attributes.prepend` is put in front.
        result remove_private_as: bool = false,
    }
}

impl RouteSet {
    /// Sample arguments: an ordinary route from an established peer.
    pub fn sample() -> RouteSetArgs<'static> {
        RouteSetArgs { prefix: Prefix::SAMPLE, attributes: &Attributes::SAMPLE, peer: &Peer::SAMPLE }
    }
}

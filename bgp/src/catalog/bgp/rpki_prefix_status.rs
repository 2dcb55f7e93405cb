//! `bgp.rpki_prefix_status`: a route is about to be validated.

use tenterhook_hooks::hook_point;
use tenterhook_hooks::value::Prefix;

use super::attributes::Attributes;
use super::peer::Peer;

hook_point! {
    /// Reports a route whose origin the router validates with RPKI.
    pub RpkiPrefixStatus = "bgp.rpki_prefix_status", version 2, chain observe {
        /// The route's prefix.
        arg prefix: Prefix,
        /// The route's attributes.
        arg attributes: &'a Attributes<'a>,
        /// The peer that the route came from.
        arg peer: &'a Peer<'a>,
    }
}

impl RpkiPrefixStatus {
    /// Sample arguments: an ordinary route from an established peer.
    pub fn sample() -> RpkiPrefixStatusArgs<'static> {
        RpkiPrefixStatusArgs { prefix: Prefix::SAMPLE, attributes: &Attributes::SAMPLE, peer: &Peer::SAMPLE }
    }
}

//! `bgp.rpki_prefix_status`: a route is about to be validated.

use super::attributes::Attributes;
use super::peer::Peer;
use crate::hook_point;
use crate::value::Prefix;

hook_point! {
    /// Tells of a route whose origin the router asks RPKI about.
    pub RpkiPrefixStatus = "bgp.rpki_prefix_status", version 1, chain observe {
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

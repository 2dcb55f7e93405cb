//! `bgp.process`: a route was learned, changed or withdrawn.

use tenterhook_hooks::hook_point;
use tenterhook_hooks::value::Prefix;

use super::attributes::Attributes;
use super::peer::Peer;

hook_point! {
    /// Reports a route that was learned, changed or withdrawn, before the best path is chosen.
    pub BgpProcess = "bgp.process", version 2, chain observe {
        /// The route's prefix.
        arg prefix: Prefix,
        /// The peer that the route came from.
        arg peer: &'a Peer<'a>,
        /// The route's attributes; nil on withdrawal.
        arg attributes: Option<&'a Attributes<'a>>,
        /// Whether the route was withdrawn.
        arg withdrawn: bool,
    }
}

impl BgpProcess {
    /// Sample arguments: a route that was learned from an established peer.
    pub fn sample() -> BgpProcessArgs<'static> {
        BgpProcessArgs {
            prefix: Prefix::SAMPLE,
            peer: &Peer::SAMPLE,
            attributes: Some(&Attributes::SAMPLE),
            withdrawn: false,
        }
    }
}

//! `bgp.route_match`: a route map decides about a route.

use tenterhook_hooks::value::Prefix;
use tenterhook_hooks::{HookEnum, hook_point};

use super::attributes::Attributes;
use super::peer::Peer;

/// The outcome of a route map's match.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteAction {
    /// The script could not decide; the route map goes on as if nothing matched, and the router logs it.
    Failure = 0,
    /// The route does not match.
    #[hook(name = "NOMATCH")]
    NoMatch = 1,
    /// The route matches.
    Match = 2,
    /// The route matches, and what changed in its attributes applies.
    MatchAndChange = 3,
}

hook_point! {
    /// Decides whether a route matches a route map's entry, and may change the route's attributes.
    ///
    /// Changes apply if the action is MATCH_AND_CHANGE.
    pub RouteMatch = "bgp.route_match", version 2, chain first {
        /// The route's prefix.
        arg prefix: Prefix,
        /// The route's attributes. Changes to them apply only if the answer contains them: attributes = attributes.
        inout attributes: &'a Attributes<'a>,
        /// The peer that the route came from or goes to.
        arg peer: &'a Peer<'a>,
        constants RouteAction prefix "RM_",
        /// Whether the route matches.
        result action: RouteAction = RouteAction::NoMatch,
    }
}

impl RouteMatch {
    /// Sample arguments: an ordinary route from an established peer.
    pub fn sample() -> RouteMatchArgs<'static> {
        RouteMatchArgs { prefix: Prefix::SAMPLE, attributes: &Attributes::SAMPLE, peer: &Peer::SAMPLE }
    }
}

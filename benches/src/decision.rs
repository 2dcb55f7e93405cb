//! What a route map's script decided, whatever ran it.

use anyhow::{Result, ensure};
use tenterhook::Outcome;
use tenterhook_bgp::catalog::bgp::RouteMatchResults;

/// The answer to `bgp.route_match`, as far as FRR reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The action's integer.
    pub action: i64,
    /// The new metric, if it changed.
    pub metric: Option<u32>,
    /// The new local preference, if it changed.
    pub localpref: Option<u32>,
}

impl Decision {
    /// The decision of an invocation that an attachment decided, with nothing failing on the way.
    ///
    /// # Errors
    /// A failure, or a change that the other engines could not make.
    pub fn of(outcome: &Outcome<RouteMatchResults>) -> Result<Decision> {
        ensure!(outcome.failures.is_empty(), "failed: {:?}", outcome.failures);
        let action = outcome.results.action as i64;
        let Some(change) = &outcome.results.attributes else {
            return Ok(Decision { action, metric: None, localpref: None });
        };
        let (metric, localpref) = (change.metric, change.localpref);
        let mut others = (**change).clone();
        (others.metric, others.localpref) = (None, None);
        ensure!(others == Default::default(), "changed more than metric and localpref: {others:?}");
        Ok(Decision { action, metric, localpref })
    }
}

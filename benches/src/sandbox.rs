//! The sandbox, used as programs use it: a host with the default policy, hook points declared, scripts attached.

use anyhow::{Context, Result, ensure};
use tenterhook::policies::State;
use tenterhook::{Hook, Host, Link, Request};
use tenterhook_bgp::catalog::bgp::{RouteMatch, RouteMatchArgs};

use crate::decision::Decision;
use crate::integer::{Integer, IntegerArgs};
use crate::script::Script;

/// A host with both hook points, nothing attached.
pub struct Sandbox {
    host: Host,
    /// `bgp.route_match`.
    pub route_match: Hook<RouteMatch>,
    /// `bench.integer`.
    pub integer: Hook<Integer>,
}

impl Sandbox {
    /// Sets the host up.
    ///
    /// # Errors
    /// An engine that cannot be set up on this machine.
    pub fn new() -> Result<Sandbox> {
        let host = Host::builder().policy(tenterhook_cli::untimed::policy()).build()?;
        let (route_match, integer) = (host.declare()?, host.declare()?);
        Ok(Sandbox { host, route_match, integer })
    }

    /// Attaches a script at `bgp.route_match`; dropping the link detaches it.
    ///
    /// # Errors
    /// A script that does not load.
    pub fn attach_route_match(&self, script: Script, state: State) -> Result<Link> {
        self.attach("bgp.route_match", script, state)
    }

    /// Attaches a script at `bench.integer`.
    ///
    /// # Errors
    /// As above.
    pub fn attach_integer(&self, script: Script, state: State) -> Result<Link> {
        self.attach("bench.integer", script, state)
    }

    fn attach(&self, hook: &str, script: Script, state: State) -> Result<Link> {
        let request = Request::new(hook, "bench", script.source).script(script.name).state(state);
        self.host.attach(request).with_context(|| script.name)
    }

    /// One invocation of `bgp.route_match`, which the attached script has to decide.
    ///
    /// # Errors
    /// A failure, or nobody to decide.
    pub fn decide(&self, args: &RouteMatchArgs<'_>) -> Result<Decision> {
        Decision::of(&self.route_match.invoke(args))
    }

    /// One invocation of `bench.integer`.
    ///
    /// # Errors
    /// A failure.
    pub fn next(&self, n: i64) -> Result<i64> {
        let outcome = self.integer.invoke(&IntegerArgs { n });
        ensure!(outcome.failures.is_empty(), "failed: {:?}", outcome.failures);
        Ok(outcome.results.next)
    }
}

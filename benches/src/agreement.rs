//! Nothing is timed before all engines have given the same answers.

use anyhow::{Context, Result, ensure};
use tenterhook::policies::State;
use tenterhook_bgp::catalog::bgp::{RouteAction, RouteMatchArgs};

use crate::decision::Decision;
use crate::frr::Frr;
use crate::native::Native;
use crate::sandbox::Sandbox;
use crate::script::{self, Script};
use crate::wasm::EmptyCall;
use crate::{integer, route};

/// The expected outcome of the timed route, so that no engine is timed on an easier path through a script.
const TIMED: [(Script, Decision); 3] = [
    (script::TWO_FIELDS, Decision { action: RouteAction::Match as i64, metric: None, localpref: None }),
    (script::ALL_FIELDS, Decision { action: RouteAction::Match as i64, metric: None, localpref: None }),
    (script::CHANGE, Decision { action: RouteAction::MatchAndChange as i64, metric: Some(160), localpref: Some(150) }),
];

/// Runs every script for every route in every engine, and compares.
///
/// # Errors
/// The first difference.
pub fn check(sandbox: &Sandbox) -> Result<()> {
    let routes = route::all()?;
    for (script, expected) in TIMED {
        let decisions = decisions(sandbox, script, &routes)?;
        ensure!(
            decisions.first() == Some(&expected),
            "{}: expected {expected:?} for the timed route, got {:?}",
            script.name,
            decisions.first()
        );
    }
    // Every field, whether a timed script looks at it or not.
    let all = decisions(sandbox, script::EVERYTHING, &routes)?;
    ensure!(all.windows(2).all(|pair| pair[0] != pair[1]), "routes that differ have the same hash: {all:?}");
    integers(sandbox)?;
    empty_call()
}

/// What all engines decide about each route.
fn decisions(sandbox: &Sandbox, script: Script, routes: &[RouteMatchArgs<'_>]) -> Result<Vec<Decision>> {
    let native = native(script, routes)?;
    for frr in [Some(Frr::new(script)?), Frr::bare(script)?].into_iter().flatten() {
        let frr: Option<Vec<Decision>> = routes.iter().map(|route| frr.route_match(route)).collect();
        let frr = frr.with_context(|| format!("{}: FRR's pattern failed", script.name))?;
        ensure!(native == frr, "{}: mlua decided {native:?}, FRR's pattern {frr:?}", script.name);
    }
    for state in [State::Kept, State::Fresh] {
        let link = sandbox.attach_route_match(script, state)?;
        // Twice: the second round meets whatever the first one left.
        for _ in 0..2 {
            let decided: Result<Vec<Decision>> = routes.iter().map(|route| sandbox.decide(route)).collect();
            let decided = decided.with_context(|| format!("{}, {state:?}", script.name))?;
            ensure!(native == decided, "{}: mlua decided {native:?}, {state:?} {decided:?}", script.name);
        }
        link.detach()?;
    }
    Ok(native)
}

fn native(script: Script, routes: &[RouteMatchArgs<'_>]) -> Result<Vec<Decision>> {
    let mut native = Native::new(script, "route_match")?;
    let decisions: mlua::Result<Vec<Decision>> = routes.iter().map(|route| native.route_match(route)).collect();
    decisions.map_err(|e| anyhow::anyhow!("{}: {e}", script.name))
}

fn integers(sandbox: &Sandbox) -> Result<()> {
    let native = Native::new(script::INTEGER, "integer")?;
    for n in [integer::TIMED, -1, 0, i64::MAX] {
        let expected = n.wrapping_add(1);
        let got = native.integer(n).map_err(|e| anyhow::anyhow!("{e}"))?;
        ensure!(got == expected, "mlua made {got} of {n}");
    }
    for state in [State::Kept, State::Fresh] {
        let link = sandbox.attach_integer(script::INTEGER, state)?;
        for n in [integer::TIMED, -1, 0, i64::MAX] {
            let got = sandbox.next(n)?;
            ensure!(got == n.wrapping_add(1), "{state:?} made {got} of {n}");
        }
        link.detach()?;
    }
    Ok(())
}

fn empty_call() -> Result<()> {
    let mut empty = EmptyCall::new()?;
    empty.call().map_err(|e| anyhow::anyhow!("{e:#}"))?;
    ensure!(empty.used()? > 0, "the empty call was not metered");
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn all_engines_agree() {
        let sandbox = super::Sandbox::new().expect("a sandbox");
        super::check(&sandbox).expect("agreement");
    }
}

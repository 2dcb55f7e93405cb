//! The closed result of a hook point, by its declaration and by a policy, and whether it can have one.

use tenterhook_hooks::codec::Answer;
use tenterhook_hooks::schema::{Chain, Declaration};
use tenterhook_policies::{Origin, Policy};

use super::disposition::{Wrong, declared, named};

/// What in a policy cannot close the hook point: its location, and the reason.
pub(super) fn check(of: &Declaration, policy: &Policy) -> Option<(Origin, String)> {
    let said = policy.requirement(&of.name)?;
    let closed = said.closed.as_ref();
    let origin = said.required.first().map(|one| &one.origin).or(closed.map(|closed| &closed.origin))?;
    if of.chain == Chain::Observe {
        let reason = format!("{} observes and decides nothing, so it cannot have a closed result", of.name);
        return Some((origin.clone(), reason));
    }
    match closed {
        Some(closed) => match named(of, &closed.results) {
            Ok(_) => None,
            Err(Wrong { path, reason, .. }) => Some((closed.origin.clone(), format!("{}: {path}: {reason}", of.name))),
        },
        None if of.closed.is_none() => {
            let first = of.results.first().map_or("result", |result| result.name.as_str());
            let reason = format!(
                "{} declares no closed result, which applies without them; expected `closed = {{ {first} = … }}` beside it",
                of.name
            );
            Some((origin.clone(), reason))
        }
        None => None,
    }
}

/// The hook point's closed result: the policy's, else the declared one, else its default.
pub(crate) fn closed(of: &Declaration, policy: &Policy) -> Answer {
    let said = policy.requirement(&of.name).and_then(|said| said.closed.as_ref());
    let said = said.and_then(|closed| named(of, &closed.results).ok());
    said.or_else(|| declared(of)).unwrap_or_default()
}

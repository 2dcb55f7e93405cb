//! The policy in force: who gets what, and where that is written.

use serde_json::{Value as Json, json};
use tenterhook_control_api::explain::{explain as explained, origin, rules};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::problem::Problem;
use crate::rules::ceilings;

pub(crate) fn policy(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let policy = plane.host.policy();
    let tenants: Vec<&str> = policy.tenants().filter(|tenant| asked.rights.see(tenant)).collect();
    let hooks: Vec<&str> = policy.hooks().collect();
    let operators: Vec<Json> = policy
        .operators()
        .filter(|_| asked.rights.all())
        .map(|(operator, from)| {
            json!({
                "who": operator.who.to_string(),
                "tenants": operator.tenants,
                "may": operator.may.as_str(),
                "origin": origin(from),
            })
        })
        .collect();
    Answer::ok(json!({
        "file": policy.file(),
        "unknown_tenants": policy.unknown_tenants().as_str(),
        "ceilings": ceilings(&policy),
        "defaults": rules(&policy.defaults()),
        "tenants": tenants,
        "hooks": hooks,
        "operators": operators,
    }))
}

pub(crate) fn explain(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let required = |name: &str| {
        asked.query(name).ok_or_else(|| Problem::bad_request(format!("{name}: expected, missing")).with("field", name))
    };
    let (tenant, hook) = (required("tenant")?, required("hook")?);
    asked.may_see(tenant)?;
    plane.operate().slot(hook)?;
    let explained = explained(&plane.host.policy(), tenant, hook);
    Answer::ok(explained.map_err(|error| Problem::not_found(error.to_string()))?)
}

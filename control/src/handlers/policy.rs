//! The policy in force: each tenant's rules, and where they are set.

use tenterhook_control_api::{Operator, Origin, Policy, Rules, ceilings};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::rejection::Rejection;

pub(crate) fn policy(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let policy = plane.host.policy();
    let operators = policy.operators().filter(|_| asked.rights.all()).map(|(operator, from)| Operator {
        who: operator.who.to_string(),
        tenants: operator.tenants.clone(),
        may: operator.may.as_str().to_owned(),
        origin: Origin::of(from),
    });
    Answer::ok(&Policy {
        file: policy.file().to_owned(),
        unknown_tenants: policy.unknown_tenants().as_str().to_owned(),
        ceilings: ceilings(&policy),
        defaults: Rules::of(&policy.defaults()),
        tenants: policy.tenants().filter(|tenant| asked.rights.see(tenant)).map(str::to_owned).collect(),
        hooks: policy.hooks().map(str::to_owned).collect(),
        operators: operators.collect(),
    })
}

pub(crate) fn explain(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let required = |name: &str| {
        asked.query(name).ok_or_else(|| Rejection::bad_request(format!("{name}: expected, missing")).field(name))
    };
    let (tenant, hook) = (required("tenant")?, required("hook")?);
    asked.may_see(tenant)?;
    plane.operate().slot(hook)?;
    let explained = tenterhook_control_api::explain(&plane.host.policy(), tenant, hook);
    Answer::ok(&explained.map_err(|error| Rejection::not_found(error.to_string()))?)
}

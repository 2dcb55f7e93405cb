//! Attachments in quarantine, and letting them out.

use std::time::SystemTime;

use serde_json::{Value as Json, json};
use tenterhook::operate::rfc3339;
use tenterhook::{QuarantinePhase, Quarantined};

use super::attachments::done;
use super::ok;
use crate::plane::Plane;
use crate::problem::Problem;
use crate::routes::{Answer, Asked};
use crate::views;

/// As lists show it.
pub(crate) fn view(of: &Quarantined) -> Json {
    let now = SystemTime::now();
    json!({
        "state": match of.phase { QuarantinePhase::Waiting => "quarantined", QuarantinePhase::Probing => "probing" },
        "cause": format!("{} faults", of.faults),
        "since": rfc3339(now.checked_sub(of.since).unwrap_or(now)),
        "until": now.checked_add(of.until).map(rfc3339),
    })
}

pub(crate) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let wanted = |tenant: &str, hook: &str| {
        asked.rights.see(tenant)
            && asked.query("tenant").is_none_or(|wanted| wanted == tenant)
            && asked.query("hook").is_none_or(|wanted| wanted == hook)
    };
    let found: Vec<Json> = plane
        .operate()
        .quarantined(wanted)
        .iter()
        .map(|info| {
            json!({
                "tenant": info.tenant,
                "name": info.name,
                "hook": info.hook,
                "id": info.id.number(),
                "quarantine": view(&info.state),
            })
        })
        .collect();
    ok(json!({ "quarantined": found }))
}

pub(crate) fn lift(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let found = plane.find(tenant, name, asked.query("hook"))?;
    let by = asked.caller.to_string();
    let lifted =
        plane.operate().lift_quarantine(found.id(), Some(&by)).map_err(|gone| Problem::not_found(gone.to_string()))?;
    if !lifted {
        return Err(Problem::new(409, "not_quarantined", format!("{tenant}/{name} is in no quarantine")));
    }
    done(plane, asked, "lift", &found, Some(found.entry.revision));
    ok(views::changed(&found))
}

//! Attachments in quarantine, and lifting their quarantine.

use tenterhook_control_api::{Quarantined, Quarantines};

use super::noted::done;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::rejection::Rejection;
use crate::views;

pub(crate) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let wanted = |tenant: &str, hook: &str| {
        asked.rights.see(tenant)
            && asked.query("tenant").is_none_or(|wanted| wanted == tenant)
            && asked.query("hook").is_none_or(|wanted| wanted == hook)
    };
    let found = plane.operate().quarantined(wanted).into_iter().map(|info| Quarantined {
        tenant: info.tenant,
        name: info.name,
        hook: info.hook,
        id: info.id.number(),
        quarantine: views::quarantine(&info.state),
    });
    Answer::ok(&Quarantines { quarantined: found.collect() })
}

pub(crate) fn lift(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let found = plane.find(tenant, name, asked.query("hook"))?;
    let by = asked.caller.to_string();
    let lifted = plane
        .operate()
        .lift_quarantine(found.id(), Some(&by))
        .map_err(|gone| Rejection::not_found(gone.to_string()))?;
    if !lifted {
        return Err(Rejection::new(409, "not_quarantined", format!("{tenant}/{name} is not in quarantine")));
    }
    done(plane, asked, "lift", &found, Some(found.entry.revision));
    Answer::ok(&views::changed(&found))
}

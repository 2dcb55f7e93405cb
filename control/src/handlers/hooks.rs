//! Hook points, and what is attached to them.

use serde_json::Value as Json;
use tenterhook::hooks::schema::Chain;
use tenterhook::operate::Slot;
use tenterhook_control_api::{Hook, HookSummary, Hooks};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::rejection::Rejection;
use crate::{protection, views};

pub(crate) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let hooks = plane.operate().slots().iter().map(|slot| summary(plane, asked, slot)).collect();
    Answer::ok(&Hooks { hooks })
}

fn summary(plane: &Plane, asked: &Asked, slot: &Slot) -> HookSummary {
    let declaration = &slot.declaration;
    let chain = match declaration.chain {
        Chain::First => "first",
        Chain::Observe => "observe",
    };
    HookSummary {
        name: declaration.name.clone(),
        version: u64::from(declaration.version),
        fingerprint: declaration.fingerprint().to_string(),
        doc: declaration.doc.clone(),
        handler: declaration.handler.clone(),
        chain: chain.to_owned(),
        signature: declaration.signature(),
        attachments: slot.count(|entry| asked.rights.see(entry.attachment.tenant())) as u64,
        protection: protection::view(plane, asked, slot),
    }
}

pub(crate) fn one(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let slot = plane.operate().slot(asked.path.first().map_or("", String::as_str))?;
    let Json::Object(declaration) = slot.declaration.to_json() else {
        return Err(Rejection::new(500, "host", "a declaration is an object"));
    };
    let seen = slot.infos().into_iter().filter(|info| asked.rights.see(&info.tenant));
    Answer::ok(&Hook {
        declaration,
        protection: protection::view(plane, asked, &slot),
        attachments: seen.map(views::attachment).collect(),
    })
}

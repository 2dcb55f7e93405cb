//! Attach, replace, detach, enable, disable, reorder, copy; lists.

use tenterhook::operate::Intent;
use tenterhook::{AttachmentId, AttachmentInfo, Position, Request};
use tenterhook_control_api::{
    Attach, AttachmentDetail, Attachments, Candidate, Changed, Checked, Copy, Order, Replace, Rules, Source,
};

use super::broken;
use super::loading::{Script, placed, position, request, wrong};
use super::noted::done;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::folder::Broken;
use crate::plane::{Found, Plane};
use crate::protection;
use crate::rejection::Rejection;
use crate::views;

pub(crate) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    // The revision is read before the list, so it never names a change that the list lacks.
    let revision = plane.host.revision();
    let wanted = |info: &AttachmentInfo| {
        asked.rights.see(&info.tenant) && asked.query("tenant").is_none_or(|tenant| tenant == info.tenant)
    };
    let slots = plane.operate().slots();
    let slots = slots.iter().filter(|slot| asked.query("hook").is_none_or(|hook| hook == slot.declaration.name));
    let attachments = slots.flat_map(|slot| slot.infos()).filter(wanted).map(views::attachment).collect();
    let wanted = |broken: &&Broken| {
        let same = |query: &str, found: Option<&str>| asked.query(query).is_none_or(|wanted| found == Some(wanted));
        asked.rights.see(&broken.tenant)
            && same("tenant", Some(&broken.tenant))
            && same("hook", broken.known.hook.as_deref())
    };
    let broken =
        plane.broken().iter().filter(wanted).map(|broken| views::broken(broken, plane.kept_place(broken))).collect();
    let unsaved = views::unsaved(plane, |tenant| {
        asked.rights.see(tenant) && asked.query("tenant").is_none_or(|wanted| wanted == tenant)
    });
    let protection = protection::views(plane, asked);
    Answer::ok(&Attachments { revision, attachments, broken, unsaved, protection })
}

pub(crate) fn one(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let (tenant, name) = asked.target();
    asked.may_see(tenant)?;
    let found = match plane.find(tenant, name, asked.query("hook")) {
        Err(rejection) if rejection.status == 404 => return broken::one(plane, tenant, name).ok_or(rejection)?,
        found => found?,
    };
    let attachment = &found.entry.attachment;
    Answer::ok(&AttachmentDetail {
        attachment: views::found(&found),
        source: Source::of(&attachment.bundle().main),
        module_sources: views::modules(attachment.bundle()),
        asked_state: attachment.asked_state().map(|state| state.as_str().to_owned()),
        fingerprint: found.slot.declaration.fingerprint().to_string(),
        rules: Rules::of(attachment.rules()),
        stats: views::stats(&found.entry.stats(&found.slot.declaration)),
    })
}

pub(crate) fn attach(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let body: Attach = asked.json()?;
    asked.may_change(&body.tenant)?;
    let loaded = plane.load(request(body, plane, asked)?, AttachmentId::next(), asked.caller)?;
    let found = plane.attach(loaded, asked.caller)?;
    done(plane, asked, "attach", &found, None);
    Answer::created(&views::changed(&found))
}

pub(crate) fn check(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let body: Attach = asked.json()?;
    asked.may_change(&body.tenant)?;
    let loaded = plane.load(request(body, plane, asked)?, AttachmentId::next(), asked.caller)?;
    let attachment = &loaded.attachment;
    drop(plane.prepare(Intent::Attach(loaded.clone()), None, asked.caller)?);
    Answer::ok(&Checked {
        attachment: Candidate {
            tenant: attachment.tenant().to_owned(),
            name: attachment.name().to_owned(),
            hook: loaded.slot.declaration.name.clone(),
            script: attachment.script().to_owned(),
            state: attachment.state().as_str().to_owned(),
            image_bytes: attachment.image_bytes() as u64,
            memory_bytes: attachment.memory_bytes() as u64,
        },
        rules: Rules::of(attachment.rules()),
    })
}

/// The attachment in the path, which the caller must be authorised to change, and the revision to change it at.
fn target(plane: &Plane, asked: &Asked) -> Result<(Found, u64), Rejection> {
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let found =
        plane.find(tenant, name, asked.query("hook")).map_err(|rejection| broken::instead(plane, asked, rejection))?;
    let revision = asked.revision(found.entry.revision)?;
    if revision != found.entry.revision {
        // This check saves loading; the change itself checks again.
        return Err(found.entry.stale(revision).into());
    }
    Ok((found, revision))
}

/// As [`target`], but rejects attachments of the program.
fn managed(plane: &Plane, asked: &Asked) -> Result<(Found, u64), Rejection> {
    let (found, revision) = target(plane, asked)?;
    if !found.entry.managed {
        let message = "the program attached it; it can only be enabled and disabled";
        let rejection = Rejection::new(409, "program_owned", message);
        return Err(rejection.changed(found.entry.revision, found.entry.last_change()));
    }
    Ok((found, revision))
}

pub(crate) fn replace(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let body: Replace = asked.json()?;
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    if let Some(broken) = broken::known(plane, tenant, name) {
        let (request, revision) = (broken::request(&broken)?, broken::revision(asked, &broken)?);
        let Replace { script, source, modules, state, fingerprint } = body;
        let script = Script { script: script.or(broken.known.script), source, modules, state, fingerprint };
        let loaded = plane.load(script.put_into(request, name)?, AttachmentId::next(), asked.caller)?;
        let found = plane.attach(loaded, asked.caller)?;
        done(plane, asked, "replace", &found, Some(revision));
        return Answer::ok(&views::changed(&found));
    }
    let (found, revision) = managed(plane, asked)?;
    let old = &found.entry.attachment;
    let request = Request::new(found.hook(), old.tenant(), Vec::new());
    let Replace { script, source, modules, state, fingerprint } = body;
    let script = script.or_else(|| Some(old.script().to_owned()));
    let script = Script { script, source, modules, state, fingerprint };
    let loaded = plane.load(script.put_into(request, old.name())?, found.id(), asked.caller)?;
    let found = plane.replace(loaded, revision, asked.caller)?;
    done(plane, asked, "replace", &found, Some(revision));
    Answer::ok(&views::changed(&found))
}

pub(crate) fn detach(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let (found, revision) = managed(plane, asked)?;
    let gone = plane.detach(&found, revision, asked.caller)?;
    done(plane, asked, "detach", &gone, Some(revision));
    Answer::ok(&Changed { revision: gone.entry.revision, attachment: None, unsaved: gone.unsaved })
}

pub(crate) fn enable(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let (found, revision) = target(plane, asked)?;
    if is_so(plane, &found, true) {
        return Answer::ok(&views::changed(&found));
    }
    let found = plane.enable(&found, revision, asked.caller)?;
    done(plane, asked, "enable", &found, Some(revision));
    Answer::ok(&views::changed(&found))
}

pub(crate) fn disable(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let (found, revision) = target(plane, asked)?;
    if is_so(plane, &found, false) {
        return Answer::ok(&views::changed(&found));
    }
    let found = plane.disable(&found, revision, asked.caller)?;
    done(plane, asked, "disable", &found, Some(revision));
    Answer::ok(&views::changed(&found))
}

/// Whether it is already enabled or disabled, in the folder too: then nothing is saved, and there is no new revision.
fn is_so(plane: &Plane, found: &Found, enabled: bool) -> bool {
    let attachment = &found.entry.attachment;
    found.entry.enabled == enabled && !plane.unsaved.has(attachment.tenant(), attachment.name())
}

pub(crate) fn reorder(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let body: Order = asked.json()?;
    let (found, revision) = managed(plane, asked)?;
    let position = position(plane, asked, &found.slot, body.order, body.before.as_deref(), body.after.as_deref())?;
    let position = position.ok_or_else(|| wrong("order", "expected one of order, before and after"))?;
    if let Position::Before(beside) | Position::After(beside) = position
        && beside == found.id()
    {
        let field = if body.before.is_some() { "before" } else { "after" };
        return Err(wrong(field, "expected another attachment, found the one that is to be moved"));
    }
    let found = plane.reorder(&found, position, revision, asked.caller)?;
    done(plane, asked, "reorder", &found, Some(revision));
    Answer::ok(&views::changed(&found))
}

pub(crate) fn copy(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let body: Copy = asked.json()?;
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let found = plane.find(tenant, name, None).map_err(|rejection| broken::instead(plane, asked, rejection))?;
    let slot = plane.operate().slot(&body.hook)?;
    let from = &found.entry.attachment;
    let mut request = Request::new(&body.hook, tenant, Vec::new())
        .bundle(from.bundle().clone())
        .name(body.name.as_deref().unwrap_or(&slot.declaration.handler))
        .script(from.script())
        .enabled(found.entry.enabled);
    if let Some(state) = from.asked_state() {
        request = request.state(state);
    }
    let position = position(plane, asked, &slot, body.order, body.before.as_deref(), body.after.as_deref())?;
    let loaded = plane.load(placed(request, position), AttachmentId::next(), asked.caller)?;
    let made = plane.attach(loaded, asked.caller)?;
    // The audit line is about the copy; the original is unchanged.
    done(plane, asked, "copy", &made, None);
    Answer::created(&views::changed(&made))
}

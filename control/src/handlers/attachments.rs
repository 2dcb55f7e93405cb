//! Attach, replace, detach, enable, disable, reorder, copy; lists.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use tenterhook::policies::State;
use tenterhook::{AttachmentId, AttachmentInfo, Position, Request};
use tenterhook_control_api::explain;

use super::broken;
use super::loading::{Attach, Script, placed, position, wrong};
use super::noted::done;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::folder::Broken;
use crate::plane::{Found, Plane};
use crate::problem::Problem;
use crate::protection;
use crate::views::{self, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replace {
    #[serde(default)]
    script: Option<String>,
    source: Source,
    #[serde(default)]
    modules: BTreeMap<String, Source>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    fingerprint: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(default)]
    order: Option<i32>,
    #[serde(default)]
    before: Option<String>,
    #[serde(default)]
    after: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Copy {
    hook: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    order: Option<i32>,
    #[serde(default)]
    before: Option<String>,
    #[serde(default)]
    after: Option<String>,
}

pub(crate) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let wanted = |info: &AttachmentInfo| {
        asked.rights.see(&info.tenant) && asked.query("tenant").is_none_or(|tenant| tenant == info.tenant)
    };
    let slots = plane.operate().slots();
    let slots = slots.iter().filter(|slot| asked.query("hook").is_none_or(|hook| hook == slot.declaration.name));
    let attachments: Vec<Json> =
        slots.flat_map(|slot| slot.infos()).filter(wanted).map(|info| views::attachment(&info)).collect();
    let wanted = |broken: &&Broken| {
        let same = |query: &str, found: Option<&str>| asked.query(query).is_none_or(|wanted| found == Some(wanted));
        asked.rights.see(&broken.tenant)
            && same("tenant", Some(&broken.tenant))
            && same("hook", broken.known.hook.as_deref())
    };
    let broken: Vec<Json> =
        plane.broken().iter().filter(wanted).map(|broken| views::broken(broken, plane.kept_place(broken))).collect();
    let unsaved = views::unsaved(plane, |tenant| {
        asked.rights.see(tenant) && asked.query("tenant").is_none_or(|wanted| wanted == tenant)
    });
    Answer::ok(json!({
        "revision": plane.host.revision(),
        "attachments": attachments,
        "broken": broken,
        "unsaved": unsaved,
        "protection": protection::views(plane, asked),
    }))
}

pub(crate) fn one(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let (tenant, name) = asked.target();
    asked.may_see(tenant)?;
    let found = match plane.find(tenant, name, asked.query("hook")) {
        Err(problem) if problem.status == 404 => return broken::one(plane, tenant, name).ok_or(problem)?,
        found => found?,
    };
    let attachment = &found.entry.attachment;
    let modules: Map<String, Json> =
        attachment.bundle().modules.iter().map(|(name, text)| (name.clone(), views::source(text))).collect();
    Answer::ok(json!({
        "attachment": views::found(&found),
        "source": views::source(&attachment.bundle().main),
        "module_sources": modules,
        "asked_state": attachment.asked_state().map(State::as_str),
        "fingerprint": found.slot.declaration.fingerprint().to_string(),
        "rules": explain::rules(attachment.rules()),
        "stats": found.entry.stats(&found.slot.declaration).to_json(),
    }))
}

pub(crate) fn attach(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let body: Attach = asked.json()?;
    asked.may_change(&body.tenant)?;
    let loaded = plane.load(body.into_request(plane, asked)?, AttachmentId::next(), asked.caller)?;
    let found = plane.attach(loaded, asked.caller)?;
    done(plane, asked, "attach", &found, None);
    Ok(Answer::Json(StatusCode::CREATED, views::changed(&found)))
}

pub(crate) fn check(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let body: Attach = asked.json()?;
    asked.may_change(&body.tenant)?;
    let loaded = plane.load(body.into_request(plane, asked)?, AttachmentId::next(), asked.caller)?;
    let attachment = &loaded.attachment;
    plane.operate().can_insert(&loaded)?;
    Answer::ok(json!({
        "attachment": {
            "tenant": attachment.tenant(),
            "name": attachment.name(),
            "hook": loaded.slot.declaration.name,
            "script": attachment.script(),
            "state": attachment.state().as_str(),
            "image_bytes": attachment.image_bytes(),
            "memory_bytes": attachment.memory_bytes(),
        },
        "rules": explain::rules(attachment.rules()),
    }))
}

/// The attachment of the path, which the caller may change, and the revision that it is to be changed at.
fn target(plane: &Plane, asked: &Asked) -> Result<(Found, u64), Problem> {
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let found =
        plane.find(tenant, name, asked.query("hook")).map_err(|problem| broken::instead(plane, asked, problem))?;
    let revision = asked.revision(found.entry.revision)?;
    if revision != found.entry.revision {
        // Before anything is loaded; the change itself asks again.
        return Err(found.entry.stale(revision).into());
    }
    Ok((found, revision))
}

/// As [`target`]; what the program attached stays the program's.
fn managed(plane: &Plane, asked: &Asked) -> Result<(Found, u64), Problem> {
    let (found, revision) = target(plane, asked)?;
    if !found.entry.managed {
        let message = "the program attached it itself; it can only be enabled and disabled";
        let problem = Problem::new(409, "program_owned", message);
        return Err(problem.changed(found.entry.revision, found.entry.last_change()));
    }
    Ok((found, revision))
}

pub(crate) fn replace(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
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
        return Answer::ok(views::changed(&found));
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
    Answer::ok(views::changed(&found))
}

pub(crate) fn detach(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let (found, revision) = managed(plane, asked)?;
    let gone = plane.detach(&found, revision, asked.caller)?;
    done(plane, asked, "detach", &gone, Some(revision));
    Answer::ok(json!({ "revision": gone.entry.revision, "attachment": null, "unsaved": gone.unsaved }))
}

pub(crate) fn enable(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let (found, revision) = target(plane, asked)?;
    if is_so(plane, &found, true) {
        return Answer::ok(views::changed(&found));
    }
    let found = plane.enable(&found, revision, asked.caller)?;
    done(plane, asked, "enable", &found, Some(revision));
    Answer::ok(views::changed(&found))
}

pub(crate) fn disable(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let (found, revision) = target(plane, asked)?;
    if is_so(plane, &found, false) {
        return Answer::ok(views::changed(&found));
    }
    let found = plane.disable(&found, revision, asked.caller)?;
    done(plane, asked, "disable", &found, Some(revision));
    Answer::ok(views::changed(&found))
}

/// Whether it is enabled or disabled already, in the folder too: there is nothing to write down, and no new revision.
fn is_so(plane: &Plane, found: &Found, enabled: bool) -> bool {
    let attachment = &found.entry.attachment;
    found.entry.enabled == enabled && !plane.unsaved.has(attachment.tenant(), attachment.name())
}

pub(crate) fn reorder(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
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
    Answer::ok(views::changed(&found))
}

pub(crate) fn copy(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let body: Copy = asked.json()?;
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let found = plane.find(tenant, name, None).map_err(|problem| broken::instead(plane, asked, problem))?;
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
    // Of the new one: what it was copied from stays as it is.
    done(plane, asked, "copy", &made, None);
    Ok(Answer::Json(StatusCode::CREATED, views::changed(&made)))
}

//! Makes tenants' attachments equal to a list, or reports what would change.
//!
//! Every script that differs is loaded before anything is changed: if one cannot be loaded, nothing is changed. The
//! size of a request is bounded, and so is the number of scripts that are tried after failures.

use std::collections::HashSet;

use tenterhook::operate::{Bundle, Intent, Loaded};
use tenterhook::{AttachmentId, LastChange, Position, Subject};
use tenterhook_control_api::{Applied, Apply, Attach, Change};

use super::loading::request;
use super::noted::done;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::{Found, Plane};
use crate::rejection::Rejection;
use crate::views;

/// The most tenants and the most attachments of a list.
const MAX_TENANTS: usize = 256;
const MAX_ATTACHMENTS: usize = 4096;
/// The most failed attachments that are tried; the rest is rejected untried.
const MAX_REFUSED: usize = 16;

/// The change that one attachment needs.
enum Step {
    Keep,
    Attach(Loaded),
    Replace(Found, Loaded),
    /// It moves to another hook point.
    Move(Found, Loaded),
    Reorder(Found, i32),
    Enable(Found, bool),
    Detach(Found),
    /// It is not in the list, and is left as it is.
    Unlisted,
    Refused(Rejection),
}

struct Planned {
    tenant: String,
    name: String,
    hook: String,
    reason: String,
    step: Step,
}

pub(crate) fn apply(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let body: Apply = asked.json()?;
    at_most("tenants", body.tenants.len(), MAX_TENANTS)?;
    at_most("attachments", body.attachments.len(), MAX_ATTACHMENTS)?;
    for tenant in &body.tenants {
        asked.may_change(tenant)?;
    }
    let mut names = HashSet::new();
    for attach in &body.attachments {
        let (tenant, name) = (&attach.tenant, attach.name());
        if !body.tenants.contains(tenant) {
            let message = format!("{tenant}/{name}: the tenant is not listed in `tenants`");
            return Err(Rejection::bad_request(message).field("attachments"));
        }
        if attach.before.is_some() || attach.after.is_some() {
            let message = format!("{tenant}/{name}: a list supports only `order`, not `before` or `after`");
            return Err(Rejection::bad_request(message).field("attachments"));
        }
        if !names.insert((tenant.clone(), name.clone())) {
            let message = format!("{tenant}/{name} is in the list twice");
            return Err(Rejection::bad_request(message).field("attachments"));
        }
    }
    // The revision is read first: whatever changes meanwhile has a later one.
    let planned = plane.revision()?;
    at_revision(plane, asked, body.revision, planned)?;
    let mut changes = surplus(plane, &body.tenants, &names, body.prune);
    let mut refused = 0;
    for attach in body.attachments {
        if refused >= MAX_REFUSED {
            changes.push(unseen(&attach));
            continue;
        }
        let planned = changes.len();
        plan(plane, asked, attach, &mut changes);
        refused += usize::from(changes[planned..].iter().any(|change| change.refused().is_some()));
        // Nothing will be changed, and only a dry run reports the rest.
        if refused > 0 && !body.dry_run {
            break;
        }
    }
    let refused = changes.iter().find_map(|change| change.refused().map(|rejection| (change, rejection.clone())));
    if let (Some((change, rejection)), false) = (refused, body.dry_run) {
        let of = format!("{}/{}", change.tenant, change.name);
        return Err(rejection.said(|message| format!("{of}: {message}; nothing was changed")));
    }
    let listed: Vec<Change> = changes.iter().map(Planned::shown).collect();
    if !body.dry_run {
        // The host may have changed while the scripts were loaded.
        at_revision(plane, asked, body.revision, plane.revision()?)?;
        let rights = plane.rights(asked.caller);
        if let Some(tenant) = body.tenants.iter().find(|tenant| !rights.change(tenant)) {
            let message = format!("{} is no longer authorised to change attachments of tenant {tenant}", asked.caller);
            return Err(Rejection::forbidden(message));
        }
        plane.has_room(changes.iter().map(Planned::room).sum())?;
        // Removals come after additions: an attachment that replaces another one leaves no gap, and if something cannot
        // be saved after all, the old attachments are still there.
        let (gone, come): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| matches!(change.step, Step::Detach(_)));
        for change in come.into_iter().chain(gone) {
            let (tenant, name) = (change.tenant.clone(), change.name.clone());
            // Changes that were made stay: another request may have changed an attachment in the meantime.
            make(plane, asked, change).map_err(|rejection| {
                rejection.said(|message| format!("{tenant}/{name}: {message}; changes before it were made"))
            })?;
        }
    }
    let revision = if body.dry_run { planned } else { plane.revision()? };
    let unsaved = views::unsaved(plane, |tenant| body.tenants.iter().any(|wanted| wanted == tenant));
    Answer::ok(&Applied { applied: !body.dry_run, revision, changes: listed, unsaved })
}

fn at_most(field: &str, count: usize, most: usize) -> Result<(), Rejection> {
    if count <= most {
        return Ok(());
    }
    let message = format!("{field}: expected at most {most} in one list, found {count}");
    Err(Rejection::new(413, "too_large", message).field(field))
}

/// Rejects a list if the host has changed since the difference was shown.
fn at_revision(plane: &Plane, asked: &Asked, wanted: Option<u64>, current: u64) -> Result<(), Rejection> {
    let Some(revision) = wanted.filter(|revision| *revision != current) else { return Ok(()) };
    let message = format!("the difference was computed at revision {revision}, the program is at {current}");
    let mut events = Vec::new();
    plane.operate().history(0).read(usize::MAX, &mut events);
    let last = events.iter().rev().find(|event| event.revision == Some(current));
    let seen = |of: &Subject| asked.rights.see(&of.tenant);
    let Some((last, of)) = last.and_then(|last| Some((last, last.subject.as_ref().filter(|of| seen(of))?))) else {
        return Err(Rejection::new(409, "stale", message).revision(current));
    };
    let change = LastChange { at: last.time, by: last.by.as_deref().map(str::to_owned) };
    let message = format!("{message}: {}/{} was {}; {change}", of.tenant, of.attachment, last.kind.name());
    Err(Rejection::new(409, "stale", message).changed(current, change))
}

/// Managed attachments of the tenants that are not in the list.
fn surplus(plane: &Plane, tenants: &[String], names: &HashSet<(String, String)>, prune: bool) -> Vec<Planned> {
    let mut changes = Vec::new();
    for slot in plane.operate().slots() {
        for entry in slot.entries(|entry| entry.managed) {
            let (tenant, name) = (entry.attachment.tenant().to_owned(), entry.attachment.name().to_owned());
            if !tenants.contains(&tenant) || names.contains(&(tenant.clone(), name.clone())) {
                continue;
            }
            changes.push(Planned {
                hook: slot.declaration.name.clone(),
                reason: "not in the list".to_owned(),
                step: match prune {
                    true => Step::Detach(Found::new(std::sync::Arc::clone(&slot), entry)),
                    false => Step::Unlisted,
                },
                tenant,
                name,
            });
        }
    }
    changes
}

/// An attachment that is not tried any more.
fn unseen(attach: &Attach) -> Planned {
    let message = format!("not tried: {MAX_REFUSED} before it cannot be attached");
    Planned {
        tenant: attach.tenant.clone(),
        name: attach.name(),
        hook: attach.hook.clone(),
        reason: "not tried".to_owned(),
        step: Step::Refused(Rejection::busy(message)),
    }
}

/// Determines the change that one attachment of the list needs.
fn plan(plane: &Plane, asked: &Asked, attach: Attach, changes: &mut Vec<Planned>) {
    let (tenant, name, hook) = (attach.tenant.clone(), attach.name(), attach.hook.clone());
    let (order, enabled) = (attach.order, attach.enabled.unwrap_or(true));
    let mut push = |reason: String, step: Step| {
        changes.push(Planned { tenant: tenant.clone(), name: name.clone(), hook: hook.clone(), reason, step });
    };
    let found = plane.find(&tenant, &name, None).ok().filter(|found| found.entry.managed);
    let request = match request(attach, plane, asked) {
        Ok(request) => request,
        Err(rejection) => return push("cannot be attached".to_owned(), Step::Refused(rejection)),
    };
    let there = found.as_ref().map(|found| &found.entry);
    let moves = found.as_ref().is_some_and(|found| found.hook() != hook);
    let differs = match there {
        None => "not attached".to_owned(),
        Some(entry) => {
            let mut differences = if moves { vec!["hook point"] } else { Vec::new() };
            differences.extend(request.differences(&entry.attachment));
            differences.join(", ")
        }
    };
    if !differs.is_empty() {
        let id = found.as_ref().filter(|_| !moves).map_or_else(AttachmentId::next, Found::id);
        let loaded = match plane.load(request, id, asked.caller) {
            Ok(loaded) => loaded,
            Err(rejection) => return push(differs, Step::Refused(rejection)),
        };
        // The change is prepared to see whether it can be made, and again when it is: those before it in the list are
        // made first.
        let by = asked.caller;
        match found {
            Some(found) if !moves => {
                if let Err(rejection) = plane.prepare(Intent::Replace(loaded.clone()), None, by) {
                    return push(differs, Step::Refused(rejection));
                }
                let again = Found::new(std::sync::Arc::clone(&found.slot), found.entry.clone());
                push(differs, Step::Replace(found, loaded));
                settle(plane, asked, again, order, enabled, &mut push);
            }
            Some(found) => match plane.prepare(Intent::Relocate(loaded.clone(), found.id()), None, by) {
                Err(rejection) => push(differs, Step::Refused(rejection)),
                Ok(_) => push(differs, Step::Move(found, loaded)),
            },
            None => match plane.prepare_attach(loaded.clone(), by) {
                Err(rejection) => push(differs, Step::Refused(rejection)),
                Ok(_) => push(differs, Step::Attach(loaded)),
            },
        }
        return;
    }
    if let Some(found) = found
        && !settle(plane, asked, found, order, enabled, &mut push)
    {
        push("as it is".to_owned(), Step::Keep);
    }
}

/// Determines the changes of order and enabling, and returns whether there are any.
fn settle(
    plane: &Plane,
    asked: &Asked,
    found: Found,
    order: Option<i32>,
    enabled: bool,
    push: &mut impl FnMut(String, Step),
) -> bool {
    let (was, id) = (found.entry.order, found.id());
    let moved = order.filter(|order| *order != was);
    let switched = found.entry.enabled != enabled;
    if let Some(order) = moved {
        let again = Found::new(std::sync::Arc::clone(&found.slot), found.entry.clone());
        let step = match plane.prepare(Intent::Reorder(id, Position::Order(order)), None, asked.caller) {
            Ok(_) => Step::Reorder(again, order),
            Err(rejection) => Step::Refused(rejection),
        };
        push(format!("order {was}, expected {order}"), step);
    }
    if switched {
        let reason = if enabled { "disabled, expected enabled" } else { "enabled, expected disabled" };
        push(reason.to_owned(), Step::Enable(found, enabled));
    }
    moved.is_some() || switched
}

fn make(plane: &Plane, asked: &Asked, change: Planned) -> Result<(), Rejection> {
    let by = asked.caller;
    // An attachment may be changed twice: the second change names the revision of the first.
    let now = |found: &Found| found.slot.find(found.id()).map_or(found.entry.revision, |entry| entry.revision);
    let (made, from) = match change.step {
        Step::Keep | Step::Unlisted | Step::Refused(_) => return Ok(()),
        Step::Attach(loaded) => (plane.attach(loaded, by)?, None),
        Step::Replace(found, loaded) => (plane.replace(loaded, found.entry.revision, by)?, Some(found.entry.revision)),
        Step::Move(found, loaded) => (plane.relocate(&found, loaded, by)?, Some(found.entry.revision)),
        Step::Reorder(found, order) => {
            let revision = now(&found);
            (plane.reorder(&found, Position::Order(order), revision, by)?, Some(revision))
        }
        Step::Enable(found, enabled) => {
            let revision = now(&found);
            let made = match enabled {
                true => plane.enable(&found, revision, by)?,
                false => plane.disable(&found, revision, by)?,
            };
            (made, Some(revision))
        }
        Step::Detach(found) => {
            let from = found.entry.revision;
            (plane.detach(&found, from, by)?, Some(from))
        }
    };
    done(plane, asked, "apply", &made, from);
    Ok(())
}

impl Planned {
    fn refused(&self) -> Option<&Rejection> {
        match &self.step {
            Step::Refused(rejection) => Some(rejection),
            _ => None,
        }
    }

    /// The disk space that it takes while it is written, in bytes.
    fn room(&self) -> usize {
        match &self.step {
            Step::Attach(loaded) | Step::Replace(_, loaded) | Step::Move(_, loaded) => {
                loaded.attachment.bundle().disk_size()
            }
            Step::Reorder(..) | Step::Enable(_, true) => Bundle::BLOCK,
            Step::Keep | Step::Enable(_, false) | Step::Detach(_) | Step::Unlisted | Step::Refused(_) => 0,
        }
    }

    fn shown(&self) -> Change {
        let action = match &self.step {
            Step::Keep => "keep",
            Step::Attach(_) => "attach",
            Step::Replace(..) => "replace",
            Step::Move(..) => "move",
            Step::Reorder(..) => "reorder",
            Step::Enable(_, true) => "enable",
            Step::Enable(_, false) => "disable",
            Step::Detach(_) => "detach",
            Step::Unlisted => "unlisted",
            Step::Refused(_) => "refused",
        };
        let error = match &self.step {
            Step::Refused(rejection) => Some((*rejection.error).clone()),
            _ => None,
        };
        Change {
            action: action.to_owned(),
            tenant: self.tenant.clone(),
            name: self.name.clone(),
            hook: self.hook.clone(),
            reason: self.reason.clone(),
            error,
        }
    }
}

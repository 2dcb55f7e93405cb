//! Converts the script in a request to what the host loads.

use std::collections::BTreeMap;

use tenterhook::operate::{Bundle, Slot};
use tenterhook::policies::State;
use tenterhook::{AttachmentId, Position, Request};
use tenterhook_control_api::{Attach, Source};

use crate::asked::Asked;
use crate::plane::Plane;
use crate::rejection::Rejection;

/// A script and its properties, except for its place.
pub(super) struct Script {
    pub script: Option<String>,
    pub source: Source,
    pub modules: BTreeMap<String, Source>,
    pub state: Option<String>,
    pub fingerprint: Option<String>,
}

/// The error for a field of the body with another value than expected.
pub(super) fn wrong(field: &str, reason: impl std::fmt::Display) -> Rejection {
    Rejection::bad_request(format!("{field}: {reason}")).field(field)
}

impl Script {
    /// The request for the attachment of that name, including the script.
    pub fn put_into(self, request: Request, name: &str) -> Result<Request, Rejection> {
        let main = self.source.into_bytes().map_err(|reason| wrong("source", reason))?;
        let mut request = request.name(name).bundle(Bundle { main, ..Bundle::default() });
        for (name, text) in self.modules {
            let text = text.into_bytes().map_err(|reason| wrong(&format!("modules.{name}"), reason))?;
            request = request.module(name, text);
        }
        request = match self.script {
            Some(script) if script.is_empty() || script.len() > 128 || script.contains(char::is_control) => {
                return Err(wrong("script", "expected 1 to 128 bytes without control characters"));
            }
            Some(script) => request.script(script),
            None => request.script(format!("{name}.lua")),
        };
        if let Some(word) = self.state {
            let state: State = word.parse().map_err(|error| wrong("state", error))?;
            request = request.state(state);
        }
        if let Some(text) = self.fingerprint {
            let fingerprint = text.parse().map_err(|reason: String| wrong("fingerprint", reason))?;
            request = request.written_against(fingerprint, None);
        }
        Ok(request)
    }
}

/// The host's request for an attachment in a request's body.
pub(super) fn request(attach: Attach, plane: &Plane, asked: &Asked) -> Result<Request, Rejection> {
    let slot = plane.operate().slot(&attach.hook)?;
    let (before, after) = (attach.before.as_deref(), attach.after.as_deref());
    let position = position(plane, asked, &slot, attach.order, before, after)?;
    let name = attach.name();
    let request = Request::new(&attach.hook, &attach.tenant, Vec::new()).enabled(attach.enabled.unwrap_or(true));
    let Attach { script, source, modules, state, fingerprint, .. } = attach;
    let script = Script { script, source, modules, state, fingerprint };
    script.put_into(placed(request, position), &name)
}

/// The request with the requested position, if there is one.
pub(super) fn placed(request: Request, position: Option<Position>) -> Request {
    match position {
        Some(position) => request.position(position),
        None => request,
    }
}

/// The requested position, if there is one. An attachment that the caller is not authorised to see does not exist for
/// this purpose.
pub(super) fn position(
    plane: &Plane,
    asked: &Asked,
    at: &Slot,
    order: Option<i32>,
    before: Option<&str>,
    after: Option<&str>,
) -> Result<Option<Position>, Rejection> {
    let beside = |field: &str, target: &str| -> Result<AttachmentId, Rejection> {
        let (tenant, name) = target.split_once('/').ok_or_else(|| wrong(field, "expected tenant/name"))?;
        let found = match asked.rights.see(tenant) {
            true => plane.find(tenant, name, Some(&at.declaration.name)),
            false => Err(Plane::none_such(tenant, name)),
        };
        found.map(|found| found.id()).map_err(|rejection| rejection.field(field))
    };
    match (order, before, after) {
        (None, None, None) => Ok(None),
        (Some(order), None, None) => Ok(Some(Position::Order(order))),
        (None, Some(target), None) => Ok(Some(Position::Before(beside("before", target)?))),
        (None, None, Some(target)) => Ok(Some(Position::After(beside("after", target)?))),
        _ => Err(wrong("order", "expected one of order, before and after")),
    }
}

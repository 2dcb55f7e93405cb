//! Events as lines of streams.

use serde_json::Value as Json;
use tenterhook::operate::rfc3339;
use tenterhook::{Event, EventKind};
use tenterhook_control_api as api;

/// One event.
pub fn event(of: &Event) -> api::Event {
    let subject = of.subject.as_ref();
    let mut event = api::Event {
        seq: Some(of.seq),
        time: Some(rfc3339(of.time)),
        kind: of.kind.name().to_owned(),
        revision: of.revision,
        tenant: subject.map(|subject| (*subject.tenant).to_owned()),
        name: subject.map(|subject| (*subject.attachment).to_owned()),
        // The hook point of a broken attachment may be unknown.
        hook: subject.map(|subject| (*subject.hook).to_owned()).filter(|hook| !hook.is_empty()),
        id: subject.and_then(|subject| subject.id).map(|id| id.number()),
        by: text(of.by.as_deref()),
        ..api::Event::default()
    };
    fill(&mut event, &of.kind);
    event
}

fn text(of: Option<&str>) -> Option<String> {
    of.map(str::to_owned)
}

/// The fields of the kind.
fn fill(event: &mut api::Event, kind: &EventKind) {
    match kind {
        EventKind::Attached { order } | EventKind::Reordered { order } => event.order = Some(*order),
        EventKind::Policy { file } | EventKind::Discarded { file } => event.file = text(Some(file)),
        EventKind::Broken { file, message } => {
            (event.file, event.message) = (text(Some(file)), text(Some(message)));
        }
        EventKind::Refused { message } | EventKind::Closed { message } => event.message = text(Some(message)),
        EventKind::Unsaved { change, message } => {
            (event.change, event.message) = (text(Some(change)), text(Some(message)));
        }
        EventKind::Saved { change } => event.change = text(Some(change)),
        EventKind::Quarantined { cause, until } => {
            (event.cause, event.until) = (text(Some(cause)), until.map(rfc3339));
        }
        EventKind::Fault { cause, message, traceback, suppressed } => {
            (event.cause, event.message) = (text(Some(cause.as_str())), text(Some(message)));
            (event.traceback, event.suppressed) = (text(traceback.as_deref()), Some(*suppressed));
        }
        EventKind::Denied { cause, suppressed } => {
            (event.cause, event.suppressed) = (text(Some(cause.as_str())), Some(*suppressed));
        }
        EventKind::Log { level, script, line, message } => {
            (event.level, event.script) = (Some(level.to_string()), text(Some(script)));
            (event.line, event.message) = (line.map(u64::from), text(Some(message)));
        }
        EventKind::Call { arguments, answer, fuel, latency_ns } => {
            // The call path wrote valid JSON; it is parsed only if there is a reader.
            let read = |text: &str| serde_json::from_str(text).unwrap_or(Json::Null);
            (event.arguments, event.answer) = (Some(read(arguments)), Some(answer.as_deref().map_or(Json::Null, read)));
            (event.fuel, event.latency_ns) = (Some(*fuel), Some(*latency_ns));
        }
        // The kind alone says everything; future kinds are at least reported by their names.
        _ => {}
    }
}

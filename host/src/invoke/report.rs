//! What the call path reports as events. None of this runs while there is no reader.

use std::cell::Cell;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tenterhook_hooks::codec::{Answer, ArgumentReader, Encoded};
use tenterhook_hooks::schema::{Argument, Declaration};
use tenterhook_sandbox::{Fault, Metered};
use tracing::field::Empty;
use tracing::{Level, Span};

use super::outcome::FailureKind;
use crate::attach::Attachment;
use crate::observe::{Event, EventKind, Events};

/// The most bytes of arguments, and of an answer, that are reported; of larger ones, only the size is. Events are
/// queued for readers.
const MOST: usize = 8 * 1024;

/// Whether this call is one that readers requested and are authorised to see.
#[inline]
pub(super) fn is_sampled(events: &Events, attachment: &Attachment) -> bool {
    events.is_sampling() && is_drawn(events, attachment)
}

#[cold]
fn is_drawn(events: &Events, attachment: &Attachment) -> bool {
    thread_local! {
        static CALLS: Cell<u32> = const { Cell::new(0) };
    }
    events.is_drawn(&attachment.context.subject, || {
        let call = CALLS.get().wrapping_add(1);
        CALLS.set(call);
        call
    })
}

/// A span for the call, if a subscriber of `tracing` is interested.
#[inline]
pub(super) fn span(attachment: &Attachment) -> Option<Span> {
    tracing::enabled!(target: "tenterhook::call", Level::DEBUG).then(|| open(attachment))
}

#[cold]
fn open(attachment: &Attachment) -> Span {
    let subject = &attachment.context.subject;
    tracing::debug_span!(
        target: "tenterhook::call",
        "tenterhook.call",
        hook = &*subject.hook,
        tenant = &*subject.tenant,
        attachment = &*subject.attachment,
        fuel = Empty,
        memory_bytes = Empty,
        outcome = Empty,
    )
}

/// Records in the span how the call ended.
#[cold]
pub(super) fn close(span: &Span, result: &Result<Answer, Fault>, metered: &Metered) {
    span.record("fuel", metered.fuel);
    span.record("memory_bytes", metered.memory);
    span.record("outcome", result.as_ref().map_or_else(|fault| fault.cause().as_str(), |_| "answer"));
}

/// Reports a failure, unless too many of its attachment were reported.
#[cold]
pub(super) fn failure(events: &Events, attachment: &Attachment, failure: &FailureKind) {
    let Some(suppressed) = attachment.stats.may_report() else { return };
    let kind = match failure {
        FailureKind::Fault(fault) => EventKind::Fault {
            cause: fault.cause(),
            message: fault.to_string().into(),
            traceback: fault.traceback().map(Arc::from),
            suppressed,
        },
        FailureKind::Denied(denied) => EventKind::Denied { cause: denied.cause(), suppressed },
        // This concerns the hook point, not a call.
        FailureKind::Closed(_) => return,
    };
    events.emit(Event::new(kind).about(attachment.context.subject.clone()));
}

/// Reports a sampled call, with arguments and answer as JSON.
#[cold]
pub(super) fn call(
    events: &Events,
    attachment: &Attachment,
    of: &Declaration,
    arguments: Encoded<'_>,
    answer: Option<&Answer>,
    metered: &Metered,
    latency_ns: u64,
) {
    // The size is checked before the conversion to text, because this is the call's time.
    let answer = answer.map(|answer| match metered.answer as usize {
        bytes if bytes > MOST => too_large(bytes),
        _ => bounded(&of.answer_to_json(answer)),
    });
    let arguments = if arguments.len() > MOST {
        too_large(arguments.len())
    } else {
        let reader = ArgumentReader::new(arguments);
        let read = |(at, argument): (usize, &Argument)| {
            Some((argument.name.clone(), reader.argument(of, at)?.to_json(&argument.ty)))
        };
        bounded(&Json::Object(of.arguments.iter().enumerate().filter_map(read).collect()))
    };
    let kind = EventKind::Call { arguments, answer, fuel: metered.fuel, latency_ns };
    events.emit(Event::new(kind).about(attachment.context.subject.clone()));
}

/// The text, which is queued for readers.
fn bounded(json: &Json) -> Arc<str> {
    let text = json.to_string();
    if text.len() > MOST { too_large(text.len()) } else { text.into() }
}

fn too_large(bytes: usize) -> Arc<str> {
    json!({ "too_large": bytes }).to_string().into()
}

//! Events as lines of JSON, for as long as the client listens.
//!
//! The reader looks for events every 25 ms: the call path never wakes anybody. A client that does not take its lines
//! loses events, and is told how many; it slows nobody down.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::Frame;
use serde_json::json;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::caller::Rights;
use super::limits::Taken;
use crate::observe::{Event, EventReader};

/// How often events are looked for.
const EVERY: Duration = Duration::from_millis(25);
/// Events that are written at once.
const AT_ONCE: usize = 256;

/// What a client wants to see.
pub(super) struct Wanted {
    pub reader: EventReader,
    pub rights: Rights,
    pub tenant: Option<String>,
    pub hook: Option<String>,
    pub attachment: Option<String>,
    /// Kinds by name; none: every kind.
    pub kinds: Vec<&'static str>,
    /// Whether to go on after what is remembered.
    pub follow: bool,
}

impl Wanted {
    /// Whether the client wants the event, and may see it.
    fn matches(&self, event: &Event) -> bool {
        let Some(subject) = &event.subject else {
            // Of nobody's attachment: the owner's affair, or everybody's.
            let open = event.kind.name() == "policy";
            return (self.rights.all() || open) && self.tenant.is_none() && self.hook.is_none() && self.kind(event);
        };
        let same = |wanted: &Option<String>, got: &str| wanted.as_deref().is_none_or(|wanted| wanted == got);
        self.rights.see(&subject.tenant)
            && same(&self.tenant, &subject.tenant)
            && same(&self.hook, &subject.hook)
            && same(&self.attachment, &subject.attachment)
            && self.kind(event)
    }

    fn kind(&self, event: &Event) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&event.kind.name())
    }
}

/// The body of a stream.
pub(super) struct Lines {
    wanted: Wanted,
    interval: Interval,
    ended: bool,
    _place: Taken,
}

impl Lines {
    pub fn new(wanted: Wanted, place: Taken) -> Lines {
        let mut interval = interval(EVERY);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Lines { wanted, interval, ended: false, _place: place }
    }

    /// What there is to write now.
    fn lines(&mut self) -> String {
        let mut events: Vec<Arc<Event>> = Vec::new();
        let lost = self.wanted.reader.read(AT_ONCE, &mut events);
        let mut text = String::new();
        if lost > 0 {
            text.push_str(&json!({ "kind": "lost", "count": lost }).to_string());
            text.push('\n');
        }
        for event in events.iter().filter(|event| self.wanted.matches(event)) {
            text.push_str(&event.to_json().to_string());
            text.push('\n');
        }
        self.ended = !self.wanted.follow && events.is_empty();
        text
    }
}

impl HttpBody for Lines {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        loop {
            if self.ended {
                return Poll::Ready(None);
            }
            if self.wanted.follow && self.interval.poll_tick(cx).is_pending() {
                return Poll::Pending;
            }
            let text = self.lines();
            if !text.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(Bytes::from(text)))));
            }
        }
    }
}

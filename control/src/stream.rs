//! Events as lines of JSON, for as long as the client reads.
//!
//! The reader polls for events every 25 ms, so the call path never wakes a thread. A client that does not read its
//! lines loses events, and the number is reported to it; it slows nothing down. When the policy changes, the rights are
//! checked again before any later event is written.

use std::future::Future as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::body::{Bytes, HttpBody};
use hyper::body::Frame;
use tenterhook::policies::Policy;
use tenterhook::{Event, EventReader, Subject};
use tenterhook_control_api as api;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::asked::Asked;
use super::caller::{Caller, Rights};
use super::limits::Taken;
use super::plane::Plane;
use super::views;

/// The interval of polling for events.
const EVERY: Duration = Duration::from_millis(25);
/// The most events that are written at once.
const AT_ONCE: usize = 256;

/// The attachments whose events a client requested and is authorised to see. The call path uses it too: it reports no
/// other calls.
pub(super) struct Filter {
    /// What the caller is authorised to do under the policy that was checked last.
    rights: ArcSwap<Rights>,
    tenant: Option<String>,
    hook: Option<String>,
    attachment: Option<String>,
}

impl Filter {
    /// The filter for a request.
    pub fn of(asked: &Asked, rights: Rights) -> Arc<Filter> {
        let text = |name: &str| asked.query(name).map(str::to_owned);
        let (tenant, hook, attachment) = (text("tenant"), text("hook"), text("attachment"));
        Arc::new(Filter { rights: ArcSwap::from_pointee(rights), tenant, hook, attachment })
    }

    /// Whether the client requested events of that attachment and is authorised to see them.
    pub fn fits(&self, of: &Subject) -> bool {
        let same = |wanted: &Option<String>, got: &str| wanted.as_deref().is_none_or(|wanted| wanted == got);
        self.rights.load().see(&of.tenant)
            && same(&self.tenant, &of.tenant)
            && same(&self.hook, &of.hook)
            && self.attachment.as_deref().is_none_or(|wanted| match wanted.split_once('/') {
                Some((tenant, name)) => tenant == &*of.tenant && name == &*of.attachment,
                None => wanted == &*of.attachment,
            })
    }
}

/// What a client requested.
pub(super) struct Wanted {
    pub reader: EventReader,
    pub caller: Caller,
    pub filter: Arc<Filter>,
    /// The policy that the filter's rights come from.
    pub policy: Arc<Policy>,
    /// Kinds by name; if empty, every kind.
    pub kinds: Vec<&'static str>,
    /// Whether to continue after the remembered events.
    pub follow: bool,
}

impl Wanted {
    /// Whether the client requested the event and is authorised to see it.
    fn matches(&self, event: &Event) -> bool {
        let Some(subject) = &event.subject else {
            // An event without an attachment is for users who are authorised for everything, or, if it is about the
            // policy, for everyone.
            let open = event.kind.name() == "policy";
            let Filter { rights, tenant, hook, .. } = &*self.filter;
            return (rights.load().all() || open) && tenant.is_none() && hook.is_none() && self.kind(event);
        };
        self.filter.fits(subject) && self.kind(event)
    }

    fn kind(&self, event: &Event) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&event.kind.name())
    }
}

/// The body of a stream.
pub(super) struct Lines {
    wanted: Wanted,
    plane: Arc<Plane>,
    interval: Interval,
    /// What was read and not written yet.
    events: Vec<Arc<Event>>,
    lost: u64,
    /// The rights under a new policy, while they are looked up.
    asking: Option<JoinHandle<Rights>>,
    ended: bool,
    _place: Taken,
}

impl Lines {
    pub fn new(wanted: Wanted, plane: Arc<Plane>, place: Taken) -> Lines {
        let mut interval = interval(EVERY);
        interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Lines { wanted, plane, interval, events: Vec::new(), lost: 0, asking: None, ended: false, _place: place }
    }

    fn read(&mut self) {
        self.lost = self.wanted.reader.read(AT_ONCE, &mut self.events);
        self.ended = !self.wanted.follow && self.events.is_empty();
        // The policy is checked after the events were read: no event that happened under a new policy is read before
        // that policy is seen.
        let policy = self.plane.host.policy();
        if !Arc::ptr_eq(&policy, &self.wanted.policy) {
            self.wanted.policy = Arc::clone(&policy);
            let (plane, caller) = (Arc::clone(&self.plane), self.wanted.caller);
            // The machine is asked who is in which group, which can take long.
            self.asking = Some(spawn_blocking(move || plane.rights_by(caller, &policy)));
        }
    }

    /// The lines to write now.
    fn lines(&mut self) -> String {
        let (lost, events) = (std::mem::take(&mut self.lost), std::mem::take(&mut self.events));
        let mut text = String::new();
        if lost > 0 {
            push(&mut text, &api::Event { kind: "lost".to_owned(), count: Some(lost), ..api::Event::default() });
        }
        for event in events.iter().filter(|event| self.wanted.matches(event)) {
            push(&mut text, &views::event(event));
        }
        text
    }
}

/// Adds a line.
fn push(text: &mut String, event: &api::Event) {
    // The content is strings, numbers and JSON, so this cannot fail.
    text.push_str(&serde_json::to_string(event).unwrap_or_default());
    text.push('\n');
}

impl HttpBody for Lines {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        loop {
            if self.asking.is_none() {
                if self.ended {
                    return Poll::Ready(None);
                }
                if self.wanted.follow && self.interval.poll_tick(cx).is_pending() {
                    return Poll::Pending;
                }
                self.read();
            }
            if let Some(asking) = &mut self.asking {
                let Poll::Ready(rights) = Pin::new(asking).poll(cx) else { return Poll::Pending };
                self.asking = None;
                // A caller without any right gets no more events.
                let Some(rights) = rights.ok().filter(Rights::any) else { return Poll::Ready(None) };
                self.wanted.filter.rights.store(Arc::new(rights));
            }
            let text = self.lines();
            if !text.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(Bytes::from(text)))));
            }
        }
    }
}

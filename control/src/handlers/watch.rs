//! Streams of events.

use std::sync::Arc;

use tenterhook::EventKind;
use tenterhook::operate::Sample;
use tenterhook::policies::Policy;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::rejection::Rejection;
use crate::stream::{Filter, Wanted};

/// The default sampling rate: one call in this many is reported.
const SAMPLE: u32 = 100;
const MAX_SAMPLE: u32 = 1_000_000;
/// The kinds of events of `tail`.
const LIVE: [&str; 4] = ["log", "fault", "denied", "call"];

pub(crate) fn events(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let known: Vec<&'static str> = EventKind::NAMES.into_iter().filter(|kind| !LIVE.contains(kind)).collect();
    let kinds = kinds(asked, &known)?.unwrap_or_default();
    let follow = match asked.query("follow") {
        None | Some("true") => true,
        Some("false") => false,
        Some(_) => return Err(Rejection::bad_request("follow: expected true or false").field("follow")),
    };
    let since = asked.number("since")?.unwrap_or(0);
    let (filter, policy) = filter(plane, asked);
    let reader = plane.operate().history(since);
    Ok(Answer::Stream(Box::new(Wanted { reader, caller: asked.caller, filter, policy, kinds, follow })))
}

pub(crate) fn tail(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let kinds = kinds(asked, &LIVE)?.unwrap_or_else(|| vec!["log", "fault", "denied"]);
    let sample = match asked.number("sample")? {
        None => SAMPLE,
        Some(one_in) => {
            let fits = u32::try_from(one_in).ok().filter(|one_in| (1..=MAX_SAMPLE).contains(one_in));
            let message = format!("sample: expected 1 to {MAX_SAMPLE}, found {one_in}");
            fits.ok_or_else(|| Rejection::bad_request(message).field("sample"))?
        }
    };
    let (filter, policy) = filter(plane, asked);
    let fits = Arc::clone(&filter);
    let sample = kinds.contains(&"call").then(|| Sample { one_in: sample, fits: Arc::new(move |of| fits.fits(of)) });
    let reader = plane.operate().live(sample);
    let caller = asked.caller;
    Ok(Answer::Stream(Box::new(Wanted { reader, caller, filter, policy, kinds, follow: true })))
}

/// The filter of events for the caller and the policy behind it; the rights of the request may be older.
fn filter(plane: &Plane, asked: &Asked) -> (Arc<Filter>, Arc<Policy>) {
    let policy = plane.host.policy();
    (Filter::of(asked, plane.rights_by(asked.caller, &policy)), policy)
}

/// The requested kinds, among the known ones.
fn kinds(asked: &Asked, known: &[&'static str]) -> Result<Option<Vec<&'static str>>, Rejection> {
    let Some(text) = asked.query("kind") else { return Ok(None) };
    let kind = |name: &str| {
        known.iter().find(|kind| **kind == name).copied().ok_or_else(|| {
            Rejection::bad_request(format!("kind: expected some of {}, found {name:?}", known.join(", "))).field("kind")
        })
    };
    text.split(',').map(kind).collect::<Result<_, _>>().map(Some)
}

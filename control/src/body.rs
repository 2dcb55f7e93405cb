//! A request's body: whole, small enough, in time, and no more of them at once than there is room for.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use super::limits::{MAX_BODY, Taken};
use super::problem::Problem;

const TIME: Duration = Duration::from_secs(10);
const APPLY_TIME: Duration = Duration::from_secs(60);

/// A body, and its part of what all of them may have; that is held for as long as this is.
pub(super) struct Held {
    pub bytes: Bytes,
    _room: Taken,
}

/// Reads it, at most so many bytes; `room` is what it is counted in.
pub(super) async fn read(body: Body, most: usize, room: Taken) -> Result<Held, Problem> {
    let time = if most > MAX_BODY { APPLY_TIME } else { TIME };
    match timeout(time, collect(body, most, room)).await {
        Ok(read) => read,
        Err(_) => Err(Problem::new(408, "timeout", format!("the body did not arrive within {} s", time.as_secs()))),
    }
}

async fn collect(mut body: Body, most: usize, mut room: Taken) -> Result<Held, Problem> {
    let too_large = || Problem::new(413, "too_large", format!("a body here has at most {most} bytes"));
    let hint = body.size_hint();
    // What is said to come is not waited for in vain, and not counted before it is there.
    if hint.lower() > most as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Problem::bad_request(format!("the body: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > most - bytes.len() {
            return Err(too_large());
        }
        if !room.more(data.len()) {
            return Err(Problem::busy("too much is being sent at once; try again"));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Held { bytes: bytes.into(), _room: room })
}

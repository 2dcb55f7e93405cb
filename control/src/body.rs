//! Reads a request's body, with limits on its size, its time, and the size of all bodies together.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use super::limits::{MAX_BODY, Taken};
use super::rejection::Rejection;

const TIME: Duration = Duration::from_secs(10);
const APPLY_TIME: Duration = Duration::from_secs(60);

/// A body and its share of the limit for all bodies, which is held as long as this lives.
pub(super) struct Held {
    pub bytes: Bytes,
    _room: Taken,
}

/// Reads a body of at most `most` bytes; `room` is the share that it is counted in.
pub(super) async fn read(body: Body, most: usize, room: Taken) -> Result<Held, Rejection> {
    let time = if most > MAX_BODY { APPLY_TIME } else { TIME };
    match timeout(time, collect(body, most, room)).await {
        Ok(read) => read,
        Err(_) => Err(Rejection::new(408, "timeout", format!("the body did not arrive within {} s", time.as_secs()))),
    }
}

async fn collect(mut body: Body, most: usize, mut room: Taken) -> Result<Held, Rejection> {
    let too_large = || Rejection::new(413, "too_large", format!("expected a body of at most {most} bytes"));
    let hint = body.size_hint();
    // A body whose declared size is too large is rejected at once; a declared size is not counted before the bytes
    // arrive.
    if hint.lower() > most as u64 {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Rejection::bad_request(format!("the body: {error}")))?;
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > most - bytes.len() {
            return Err(too_large());
        }
        if !room.more(data.len()) {
            return Err(Rejection::busy("too many bytes are being received at once; try again"));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Held { bytes: bytes.into(), _room: room })
}

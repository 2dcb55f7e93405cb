//! The host's rates.

// A model needs less of them than the host does.
#[allow(dead_code)]
#[path = "../../../host/src/rate/bucket.rs"]
pub mod bucket;
#[allow(dead_code)]
#[path = "../../../host/src/rate/clock.rs"]
pub mod clock;

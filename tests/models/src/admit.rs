//! The host's rates.

// A model needs less of them than the host does.
#[allow(dead_code)]
#[path = "../../../host/src/admit/bucket.rs"]
pub mod bucket;
#[allow(dead_code)]
#[path = "../../../host/src/admit/clock.rs"]
pub mod clock;

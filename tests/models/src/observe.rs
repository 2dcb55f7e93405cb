//! What the host counts, and its events.

pub mod event;
#[allow(dead_code)]
#[path = "../../../host/src/observe/histogram.rs"]
mod histogram;
#[allow(dead_code)]
#[path = "../../../host/src/observe/lane.rs"]
mod lane;

pub mod counts;
pub mod events;

//! What the host publishes to calls.

#[path = "../../../host/src/attach/published.rs"]
mod published;

pub mod tables;

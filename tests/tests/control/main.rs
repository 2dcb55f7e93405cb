//! The control plane, from the other end of its socket.

#![allow(clippy::unwrap_used)]

mod apply;
mod attachments;
mod bounds;
mod broken;
mod document;
mod failing_disk;
mod full_disk;
mod kill;
mod metrics;
mod quarantine;
mod restart;
mod rights;
mod stage;
mod under_load;
mod watch;

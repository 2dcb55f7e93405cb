//! An operator's work on a running program, through the `tenterhook` command and through curl.
//!
//! The program is in this process: a host with a control socket, and threads that call it and look at every outcome.

#![allow(clippy::unwrap_used)]

mod completion;
mod daily;
mod folder;
mod lifecycle;
mod names;
mod preflight;
#[path = "../command/process.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod process;
mod program;
mod protection;
mod refusals;
mod relay;
mod shapes;
mod terminal;
mod watching;

//! The `tenterhook` command: shows hook points, tests scripts, attaches them to running programs and monitors them.
//!
//! ```text
//! main ──▶ command ─┬─ hooks                                  the hook points
//!                   ├─ list, show, attach, replace, detach,   attachments of a running program
//!                   │  enable, disable, move, copy, apply, pull,
//!                   │  adopt, discard
//!                   ├─ stats, top, tail, events               statistics and events
//!                   ├─ policy, quarantine                     rules
//!                   ├─ new, types, check, test, call          scripts, before they are attached
//!                   ├─ replay, demo                           routes through scripts
//!                   └─ completions, man                       the command itself
//!
//! input    files that the user names, and standard input
//! live     a running program's control socket ──▶ responses, or errors with an exit code
//! setup    policy, tenant, script ──▶ host with one attachment
//! sample   sample arguments of a hook point
//! stats    totals of calls: results, faults, fuel, time
//! survive  the survival suite: cases, where they run, their expected results
//! untimed  a policy for tests and measurements, without rates and quarantine
//! ```
//!
//! `survive`, `untimed` and [`Checker`] are public for tests and benchmarks; the rest is the command's
//! own.

#![forbid(unsafe_code)]

pub mod survive;
pub mod untimed;

mod command;
mod complaint;
mod exit;
mod input;
mod live;
mod logs;
mod sample;
mod setup;
mod stats;
mod text;

pub use command::{Checker, main};

//! The `tenterhook` command: see hook points, try scripts, attach them to running programs, watch them work.
//!
//! ```text
//! main ──▶ command ─┬─ hooks                                  the hook points there are
//!                   ├─ list, show, attach, replace, detach,   what is attached in a running program
//!                   │  enable, disable, move, copy, apply, pull,
//!                   │  adopt, discard
//!                   ├─ stats, top, tail, events               what it comes to
//!                   ├─ policy, quarantine                     under which rules
//!                   ├─ new, types, check, test, call          scripts, before they are attached
//!                   ├─ replay, demo                           routes through scripts
//!                   └─ completions, man                       the command itself
//!
//! input    files that the user names, and standard input
//! live     a running program's control socket ──▶ answers, or refusals with an exit code
//! setup    policy, tenant, script ──▶ host with one attachment
//! sample   sample arguments of a hook point
//! stats    what calls came to: results, faults, fuel, time
//! survive  the survival suite: cases, where they run, what they must come to
//! untimed  a policy for trying and measuring, without rates and quarantine
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

//! The `tenterhook` command: see hook points, try scripts, replay real routes.
//!
//! ```text
//! main ──▶ command ─┬─ call      one invocation, or N of them
//!                   ├─ check     does a script load, and what looks wrong in it
//!                   ├─ demo      three tenants, two of them hostile, 100,000 routes
//!                   ├─ hooks     the hook points there are
//!                   └─ replay    real routes through a script
//!
//! setup    policy, tenant, script ──▶ host with one attachment
//! routes   routes as hook points take them: generated, or out of MRT files
//! mrt      the reader of MRT files
//! stats    what calls came to: results, faults, fuel, time
//! ```
//!
//! `mrt` and `routes` are public for tests and benchmarks; the rest is the command's own.

#![forbid(unsafe_code)]

pub mod mrt;
pub mod routes;

mod command;
mod exit;
mod logs;
mod setup;
mod stats;
mod text;

pub use command::main;

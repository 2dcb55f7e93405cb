//! The survival suite: hostile scripts, inputs and programs, one file each, and what each must come to.
//!
//! ```text
//! tests/survival/<group>/<name>.lua ── embedded (build.rs) ──▶ Case     case.rs, header.rs
//!                                                               │
//!      Stand: a host, another tenant, what both say in peace    ▼       stand.rs, points.rs, probe.rs
//!        attach ─▶ calm call ─▶ each call of the header, twice ─▶ the other tenant ─▶ calm call again
//!        or a driver, where the harm is not the script's                drivers/
//!                                                               ▼
//!                                                             Report    judge.rs, observed.rs
//! stress: two tenants on two threads, one of them attacking with every case in turn
//! ```
//!
//! A case holds when all of this is so: its calls come to what the header says; repeated at once they come to exactly
//! the same, fuel included; the other tenant's call and the calm call of the same attachment are, after each of them,
//! what they were before in answer and fuel. That the host is alive shows in that.

mod case;
mod drivers;
mod header;
pub mod judge;
mod observed;
pub mod points;
mod probe;
mod run;
mod stand;
mod stress;

pub use case::{Case, cases, cases_in};
pub use drivers::names as driver_names;
pub use header::{Call, Entry, Expected, Script, TENANT};
pub use observed::{Lines, Observed, Outcome, once, same};
pub use probe::Probe;
pub use run::Report;
pub use stand::{Made, Stand};
pub use stress::{Stress, stress};

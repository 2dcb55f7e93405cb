//! The survival suite: hostile scripts, inputs and programs, one file each, with their expected results.
//!
//! ```text
//! tests/survival/<group>/<name>.lua ── embedded (build.rs) ──▶ Case     case.rs, header.rs
//!                                                               │
//!      Stand: a host, another tenant, their undisturbed answers    ▼       stand.rs, points.rs, probe.rs
//!        attach ─▶ calm call ─▶ each call of the header, twice ─▶ the other tenant ─▶ calm call again
//!        or a driver, if the attack is not in the script                drivers/
//!                                                               ▼
//!                                                             Report    judge.rs, observed.rs
//! stress: two tenants on two threads, one of them attacking with every case in turn
//! ```
//!
//! A case holds if all of this is true: its calls have the outcomes in the header; repeated at once they have exactly
//! the same, including fuel; after each of them, the other tenant's call and the calm call of the same attachment have
//! the same answer and fuel as before. This shows that the host is alive.

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
pub use header::{Call, Expected, HeaderLine, Script, TENANT};
pub use observed::{Lines, Observed, Outcome, once, same};
pub use probe::Probe;
pub use run::Report;
pub use stand::{Made, Stand};
pub use stress::{Stress, stress};

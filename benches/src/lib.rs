//! What calls cost, next to native Lua doing the same work.
//!
//! ```text
//! benches/calls.rs    criterion: agreement first, then every row
//!     │
//!     ├─ Sandbox      the public way: Host, Hook::invoke; state kept or fresh        sandbox.rs
//!     ├─ Native       mlua, one state for all calls, arguments as tables             native.rs ──┐
//!     ├─ frr          a new native state per call, as FRR's `match script` has it    frr.rs ─────┼─ tables.rs
//!     ├─ Limited      calls that are denied, admission by itself, deadlines          limits.rs    │
//!     ├─ Many         many attachments, in a chain and in turn                       many.rs      │
//!     ├─ EmptyCall    into WebAssembly and back, nothing else                        wasm.rs     └─ field.rs, text.rs
//!     │
//!     └─ agreement    all of them answer alike, or nothing is timed                  agreement.rs
//!
//! benches/fuel_honesty.rs  wall time per unit of fuel, over the survival suite and the golden scripts    honesty.rs
//! benches/fuel_search.rs   looks for scripts that get more time than their fuel pays for    pursuit.rs ─ genome.rs ─ blocks.rs
//! benches/operators.rs  what statistics cost per call; ten thousand attachments attached and listed
//!
//! bin/summary.rs      estimates.json ─▶ table, summary.json, summary.svg
//!     └─ estimates.rs, row.rs, target.rs, machine.rs, chart.rs
//! ```
//!
//! All engines run the same scripts (`scripts/*.lua`) for the same routes (`route.rs`). Native Lua gets the whole
//! prefix, attributes and peer as tables, because a script may read any of it: that is what FRR does, and what views
//! (the sandbox's way) are measured against.

pub mod agreement;
pub mod blocks;
pub mod chart;
pub mod decision;
pub mod estimates;
pub mod field;
pub mod frr;
pub mod genome;
pub mod honesty;
pub mod integer;
pub mod limits;
pub mod machine;
pub mod many;
pub mod native;
pub mod pursuit;
pub mod route;
pub mod row;
pub mod sandbox;
pub mod script;
pub mod tables;
pub mod target;
pub mod text;
pub mod wasm;

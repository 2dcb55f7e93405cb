//! What operators see of a running host.
//!
//! ```text
//! control plane ─ emit ─▶ Events ── history ─┐
//! call path ─── report ─▶        ── live ────┴─▶ EventReader        (events.rs, lane.rs, event.rs)
//! call path ──── count ─▶ Stats ──── snapshot ─▶ AttachmentStats    (stats.rs, histogram.rs, lineage.rs, snapshot.rs)
//!                                    │ └─ when it is detached ─▶ Totals, a tenant's         (totals.rs)
//! ```
//!
//! Neither side ever waits: every lane is bounded, the oldest event makes room for a new one, and a reader that was too
//! slow learns how many it lost. The call path reports nothing while there is no reader; it always counts.

mod event;
mod events;
mod histogram;
mod lane;
mod level;
mod lineage;
mod snapshot;
mod stats;
pub(crate) mod time;
mod totals;

pub use event::{Event, EventKind, Subject};
pub use events::EventReader;
pub(crate) use events::Events;
pub use events::Sample;
pub use level::Level;
pub(crate) use lineage::Lineage;
pub(crate) use snapshot::Counted;
pub use snapshot::{AttachmentStats, Distribution};
#[cfg(feature = "measure")]
pub(crate) use stats::COUNTING;
pub use stats::LastFault;
pub(crate) use stats::{Shard, Stats};
pub use totals::Sums;
pub(crate) use totals::Totals;

//! Whether a call may be made at all, before anything is spent on it.
//!
//! An attachment's [`Gate`] answers with a [`Permit`] or says why not, and nothing can be called without one: it holds
//! the place that an attachment's executors lie in, which nobody else reaches.
//!
//! ```text
//! admit    quarantine?      one relaxed load while the attachment is healthy           quarantine/
//!            ▼
//!          fuel left?       one load of the tenant's bucket                            tenant.rs
//!            ▼
//!          calls left?      one subtraction from the attachment's bucket               rate/
//!            ▼
//!          stack, nesting, a free place in the pool, or one of the tenant's own
//!            ▼
//! Permit ─ call ─ settle    the fuel that was used is charged, and the quarantine hears how it ended
//! ```
//!
//! A call is admitted while there is any fuel left, and charged afterwards with what it used: so a call in flight
//! overdraws by its own budget at most, and what is overdrawn is earned back before the next.

mod denied;
mod executors;
mod gate;
mod loading;
mod quarantine;
mod tenant;
mod total;

pub use denied::Denied;
pub(crate) use executors::{Executors, Shares};
pub(crate) use gate::{Gate, Permit};
pub(crate) use loading::Loading;
pub use quarantine::{QuarantineChange, QuarantinePhase, Quarantined};
pub use tenant::TenantUsage;
pub(crate) use tenant::{Claim, Tenant, Tenants, rules as tenant_rules};
pub(crate) use total::Exceeded;

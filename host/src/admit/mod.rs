//! Decides whether a call may be made, before anything is spent on it.
//!
//! An attachment's [`Gate`] returns a [`Permit`] or denies the call. Nothing can be called without a permit: it holds
//! the shelf with the attachment's executors, which nothing else reaches.
//!
//! ```text
//! admit    quarantine?      one relaxed load while the attachment is healthy           quarantine/
//!            ▼
//!          fuel left?       one load of the tenant's bucket                            tenant.rs
//!            ▼
//!          calls left?      one subtraction from the attachment's bucket               rate/
//!            ▼
//!          stack, nesting, a free shelf in the pool, or one of the tenant's own
//!            ▼
//! Permit ─ call ─ settle    the fuel that was used is charged, and the quarantine is updated
//! ```
//!
//! A call is admitted while any fuel is left, and is charged afterwards for what it used. A call in flight therefore
//! overdraws by at most its own budget, and an overdraft is earned back before the next call is admitted.

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

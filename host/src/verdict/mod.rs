//! What a call without an answer becomes, as the policy says.
//!
//! ```text
//! sandbox failed ─▶ Fault ──┐
//! admit denied ───▶ Denied ─┴─ Verdicts (the policy's dispositions, checked against the declaration) ─▶ Verdict
//! ```

mod disposition;
mod policy;
mod requirement;

pub use disposition::DispositionError;
pub(crate) use disposition::{Verdict, Verdicts};
pub use policy::check_policy;
pub(crate) use policy::{Fitting, fits, reserved};
pub use policy::{PolicyProblem, PolicyRefused};
pub(crate) use requirement::closed;

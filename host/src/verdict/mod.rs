//! What becomes of a call: answers are checked in `tenterhook_hooks::codec`, faults named here, and both turned into
//! what the policy says.
//!
//! ```text
//! guest ended ──Ending──▶ Fault ──┐
//! admit refused ────────▶ Denied ─┴─ Verdicts (the policy's dispositions, checked against the declaration) ─▶ Verdict
//! ```

mod disposition;
mod fault;
mod policy;
mod requirement;

pub use disposition::DispositionError;
pub(crate) use disposition::{Verdict, Verdicts};
pub use fault::Fault;
pub(crate) use fault::{Ending, Said};
pub use policy::check_policy;
pub(crate) use policy::{Fitting, fits, reserved};
pub use policy::{PolicyProblem, PolicyRefused};
pub(crate) use requirement::closed;

//! x
pub mod mrt;

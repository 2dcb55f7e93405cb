//! The sandbox's pool.

#[allow(dead_code)]
#[path = "../../../sandbox/src/pool.rs"]
pub mod pool;

//! An event is its number here.

/// Stands for the host's.
pub struct Event {
    /// Ascending from 1.
    pub seq: u64,
}

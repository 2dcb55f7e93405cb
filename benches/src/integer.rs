//! The least hook point there is: one integer in, one integer out.

use tenterhook::hook_point;

hook_point! {
    /// What a call costs by itself.
    pub Integer = "bench.integer", version 1, chain first {
        /// Any integer.
        arg n: i64,
        /// The next one.
        result next: i64 = 0,
    }
}

/// The integer that is timed.
pub const TIMED: i64 = 41;

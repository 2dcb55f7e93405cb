//! What a call may still log: lines and bytes, limited separately.

use tenterhook_policies::Budget;

/// What a call may still log. Each call starts with the limits of its budget.
#[derive(Debug, Default)]
pub struct LogBudget {
    lines: u64,
    bytes: u64,
    /// Lines that were logged.
    pub(crate) written: u64,
    /// Lines that were dropped.
    pub(crate) dropped: u64,
}

impl LogBudget {
    #[inline]
    pub(crate) fn start(&mut self, budget: &Budget) {
        self.lines = budget.log_lines.get();
        self.bytes = budget.log_bytes.get();
        self.written = 0;
        self.dropped = 0;
    }

    /// Takes a line of this many bytes out of the budget if it fits and `allowed`, which is called only then, agrees.
    /// Otherwise the line counts as dropped.
    pub fn take(&mut self, bytes: u64, allowed: impl FnOnce() -> bool) -> bool {
        if self.lines == 0 || self.bytes < bytes || !allowed() {
            self.dropped += 1;
            return false;
        }
        self.lines -= 1;
        self.bytes -= bytes;
        self.written += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_bytes_are_bounded_apart() {
        let mut budget = LogBudget { lines: 2, bytes: 10, ..LogBudget::default() };
        assert!(budget.take(4, || true));
        assert!(!budget.take(7, || true), "7 bytes do not fit in 6");
        assert!(budget.take(6, || true));
        assert!(!budget.take(0, || true), "no line is left");
        assert_eq!((budget.written, budget.dropped), (2, 2));
    }
}

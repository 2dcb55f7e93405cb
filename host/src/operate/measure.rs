//! Access for tests and benches.

use std::sync::Arc;

use super::quarantine::attachment;
use crate::host::Host;
use crate::id::AttachmentId;

impl Host {
    /// Sets whether calls are counted from now on, in all hosts of the process. For benches.
    #[cfg(feature = "measure")]
    #[doc(hidden)]
    pub fn measure_statistics(on: bool) {
        crate::observe::COUNTING.store(on, std::sync::atomic::Ordering::Relaxed);
    }

    /// Admits a call of the attachment and settles it, without making it; and, for comparison, only takes a shelf in
    /// the pool. For benches.
    #[cfg(any(feature = "inspect", feature = "measure"))]
    #[doc(hidden)]
    pub fn inspect_admission(&self, id: AttachmentId) -> Option<(impl Fn() -> bool, impl Fn() -> bool)> {
        let attachment = attachment(&self.inner, id)?;
        let alone = Arc::clone(&attachment);
        let whole = move || match attachment.gate.admit() {
            Ok(mut permit) => {
                permit.settle(1000, None);
                true
            }
            Err(_) => false,
        };
        Some((whole, move || alone.gate.enter_alone()))
    }
}

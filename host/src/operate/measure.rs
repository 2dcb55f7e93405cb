//! What tests and benches look into.

use std::sync::Arc;

use super::quarantine::attachment;
use crate::attach::AttachmentId;
use crate::host::Host;

impl Host {
    /// Whether calls are counted from now on, in all hosts of the process. For benches.
    #[cfg(feature = "measure")]
    #[doc(hidden)]
    pub fn measure_statistics(on: bool) {
        crate::observe::COUNTING.store(on, std::sync::atomic::Ordering::Relaxed);
    }

    /// Admitting a call of the attachment and settling it, without making it; and, to compare, the place in the pool
    /// alone. For benches.
    #[cfg(any(feature = "inspect", feature = "measure"))]
    #[doc(hidden)]
    pub fn inspect_admission(&self, id: AttachmentId) -> Option<(impl Fn() -> bool, impl Fn() -> bool)> {
        let attachment = attachment(&self.inner, id)?;
        let (inner, pool) = (Arc::clone(&self.inner), Arc::clone(&attachment.pool));
        let whole = move || match crate::admit::admit(&inner, &attachment) {
            Ok(mut permit) => {
                permit.entry.settle(&inner, 1000, None);
                true
            }
            Err(_) => false,
        };
        Some((whole, move || pool.enter().is_some()))
    }
}

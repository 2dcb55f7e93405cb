//! Catches panics of the third-party parser that `check` uses: some texts that are not Lua make it panic. Such a text
//! counts as "not read", and no panic message reaches standard error.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether this thread is in [`caught`].
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// The return value of `work`, or `None` if it panics. `work` must not leave anything half done.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !INSIDE.get() {
                before(info);
            }
        }));
    });
    let outside = INSIDE.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(outside);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing() {
        assert_eq!(caught(|| 5), Some(5));
        assert_eq!(caught(|| if INSIDE.get() { panic!("as asked") } else { 5 }), None);
        assert!(!INSIDE.get());
    }
}

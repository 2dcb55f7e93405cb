//! What the host does for a script: the only way out of the sandbox.

use crate::log_budget::LogBudget;

/// A request of a script to the host. All of it comes from a hostile guest until it has been checked.
pub struct HostCall<'a> {
    /// The number of a function, among those that [`HostWork::libraries`] lists.
    pub function: u32,
    /// Its arguments as tagged bytes (`tenterhook_hooks::codec::Wire` reads them), at most 64 KiB and one byte.
    pub arguments: &'a [u8],
    /// The line of the script, if it is known.
    pub line: Option<u32>,
    /// What the call may still log.
    pub log: &'a mut LogBudget,
}

/// Work that the host does for a script while a call of it runs, or while it is loaded.
pub trait HostWork: Send + Sync {
    /// The libraries that the script sees as global tables, in the guest's format (`guest-lua/shim/library.h`).
    fn libraries(&self) -> Vec<u8>;

    /// Executes the request, and writes the function's return value to `reply`, which is empty: one tagged value, or
    /// nothing.
    ///
    /// # Errors
    /// An error that ends the call with a fault `host`, in words for operators. An error that the script may catch is a
    /// reply.
    fn call(&self, call: HostCall<'_>, reply: &mut Vec<u8>) -> Result<(), String>;
}

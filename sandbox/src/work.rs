//! What the host does for a script: the one way out of the sandbox.

use crate::log_budget::LogBudget;

/// What a script asks of the host. All of it is a hostile guest's until it has been checked.
pub struct HostCall<'a> {
    /// The number of a function, of those that [`HostWork::libraries`] names.
    pub function: u32,
    /// Its arguments as tagged bytes (`tenterhook_hooks::codec::Wire` reads them), at most 64 KiB and one.
    pub arguments: &'a [u8],
    /// Line of the script, if it is known.
    pub line: Option<u32>,
    /// What the call may still log.
    pub log: &'a mut LogBudget,
}

/// Work that the host does for a script while a call of it runs, or while it is loaded.
pub trait HostWork: Send + Sync {
    /// The libraries that the script finds as global tables, in the guest's format (`guest-lua/shim/library.h`).
    fn libraries(&self) -> Vec<u8>;

    /// Does what is asked, and writes what the function returns to `reply`, which is empty: one tagged value, or nothing.
    ///
    /// # Errors
    /// What ends the call with a fault `host`, in words for operators. What the script may catch is a reply.
    fn call(&self, call: HostCall<'_>, reply: &mut Vec<u8>) -> Result<(), String>;
}

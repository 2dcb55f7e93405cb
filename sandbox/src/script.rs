//! What images are made of.

use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::MemoryErrors;

/// A script to load.
#[derive(Clone, Copy)]
pub struct Script<'a> {
    /// The hook point that it is for: its handler is the function of that name.
    pub declaration: &'a Declaration,
    /// Its name, as tracebacks show it.
    pub name: &'a str,
    /// What Lua compiles.
    pub source: &'a [u8],
    /// What memory errors are to it.
    pub memory_errors: MemoryErrors,
}

//! What an image is made from.

use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::MemoryErrors;

/// A script to load.
#[derive(Clone, Copy)]
pub struct Script<'a> {
    /// The hook point that it is for: the handler is the function of that name.
    pub declaration: &'a Declaration,
    /// Its name, as tracebacks show it.
    pub name: &'a str,
    /// What Lua compiles.
    pub source: &'a [u8],
    /// How the script sees memory errors.
    pub memory_errors: MemoryErrors,
}

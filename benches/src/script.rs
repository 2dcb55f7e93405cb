//! The scripts, one file each, the same for every engine.

/// A Lua script with a handler.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// Its name, as tracebacks show it.
    pub name: &'static str,
    /// Its text.
    pub source: &'static str,
}

macro_rules! scripts {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {$(
        $(#[$doc])*
        pub const $name: Script = Script { name: $file, source: include_str!(concat!("../scripts/", $file)) };
    )*};
}

scripts! {
    /// One integer in, one out.
    INTEGER = "integer.lua";
    /// Reads two fields and decides.
    TWO_FIELDS = "two_fields.lua";
    /// Reads every field.
    ALL_FIELDS = "all_fields.lua";
    /// Changes two attributes.
    CHANGE = "change.lua";
    /// Answers with a hash of all arguments; not timed.
    EVERYTHING = "everything.lua";
}

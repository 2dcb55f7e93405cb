//! The scripts, one file each, the same for every engine.

/// A Lua script with a handler.
#[derive(Debug, Clone, Copy)]
pub struct Script {
    /// Its name, as tracebacks show it.
    pub name: &'static str,
    /// Its text.
    pub source: &'static str,
    /// Whether it calls what is in Lua's standard libraries.
    pub needs_libraries: bool,
}

macro_rules! scripts {
    ($($(#[$doc:meta])* $name:ident = $file:literal, needs_libraries: $needs_libraries:literal;)*) => {$(
        $(#[$doc])*
        pub const $name: Script = Script {
            name: $file,
            source: include_str!(concat!("../scripts/", $file)),
            needs_libraries: $needs_libraries,
        };
    )*};
}

scripts! {
    /// One integer in, one out.
    INTEGER = "integer.lua", needs_libraries: false;
    /// Reads two fields and decides.
    TWO_FIELDS = "two_fields.lua", needs_libraries: false;
    /// Reads every field.
    ALL_FIELDS = "all_fields.lua", needs_libraries: true;
    /// Changes two attributes.
    CHANGE = "change.lua", needs_libraries: false;
    /// Answers with a hash of all arguments; not timed.
    EVERYTHING = "everything.lua", needs_libraries: true;
}

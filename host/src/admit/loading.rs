//! Who pays for loading a script.

/// Who pays for a load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loading {
    /// The tenant: one load of its rate, and its fuel.
    Counted,
    /// The tenant, as part of a load that was counted: its fuel alone.
    Again,
    /// The host: at its start it attaches again what it had.
    Host,
}

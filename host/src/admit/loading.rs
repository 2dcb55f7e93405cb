//! The account that a load is charged to.

/// What a load is charged to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loading {
    /// The tenant: one load of its rate, and its fuel.
    Counted,
    /// The tenant's fuel only, as part of a load that was counted.
    Again,
    /// The host: at its start it attaches what it had before.
    Host,
}

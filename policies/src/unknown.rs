//! Tenants that a policy does not name.

use std::sync::Arc;

use crate::name::NameError;
use crate::word::words;

words! {
    /// How a policy treats tenants that it does not name.
    pub enum OtherTenants is "rule" {
        /// They get the rules for every tenant.
        Default = "default",
        /// They are rejected, so that a mistyped name does not create a tenant.
        Refuse = "refuse",
    }
}

/// A tenant for which a policy has no rules.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnknownTenant {
    /// The policy does not name the tenant and rejects unknown tenants.
    #[error(
        "tenant {tenant} is not named in {file}, which rejects unknown tenants{}",
        .nearest.as_ref().map(|near| format!("; did you mean {near}?")).unwrap_or_default()
    )]
    NotNamed {
        /// The tenant.
        tenant: String,
        /// The policy's file.
        file: Arc<str>,
        /// The nearest name that the policy has.
        nearest: Option<String>,
    },
    /// No tenant can have this name.
    #[error(transparent)]
    Name(#[from] NameError),
}

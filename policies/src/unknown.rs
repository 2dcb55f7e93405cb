//! Tenants that a policy does not name.

use std::sync::Arc;

use crate::name::NameError;
use crate::word::words;

words! {
    /// What becomes of tenants that a policy does not name.
    pub enum OtherTenants is "rule" {
        /// They get the rules for every tenant.
        Default = "default",
        /// They get nothing: whoever mistypes a tenant's name does not make a new one.
        Refuse = "refuse",
    }
}

/// A tenant for which a policy has no rules.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UnknownTenant {
    /// The policy does not name the tenant and refuses those that it does not name.
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

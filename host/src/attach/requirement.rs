//! What a hook point requires: attachments without which it is closed.
//!
//! ```text
//! declaration: closed, require ─┐
//! policy: required, closed ─────┴─▶ Requirement ── entries ─▶ Closed: what is missing; every invocation gives the result
//! ```

use std::fmt;
use std::sync::Arc;

use tenterhook_hooks::codec::Answer;
use tenterhook_hooks::schema::{Declaration, Required};
use tenterhook_policies::Policy;

use crate::verdict::closed;

/// The attachments that a hook point requires.
#[derive(Debug, PartialEq)]
pub(crate) struct Requirement {
    pub required: Vec<Required>,
    /// The result while one of them is missing or gives no answer.
    pub closed: Answer,
}

/// A hook point is closed: attachments that it requires are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The missing attachments, at least one, in the order in which they are required.
    pub missing: Vec<Missing>,
}

/// A required attachment that is not called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Whether it is attached but disabled; otherwise it is not attached.
    pub disabled: bool,
}

impl Requirement {
    /// The requirement by the declaration and by a policy, which was checked; `None` if nothing is required.
    pub fn of(declaration: &Declaration, policy: &Policy) -> Option<Arc<Requirement>> {
        let by_policy = policy.requirement(&declaration.name).into_iter().flat_map(|said| &said.required);
        let by_policy = by_policy.map(|one| Required { tenant: one.tenant.clone(), name: one.name.clone() });
        let mut required = declaration.required.clone();
        for one in by_policy {
            if !required.contains(&one) {
                required.push(one);
            }
        }
        (!required.is_empty()).then(|| Arc::new(Requirement { required, closed: closed(declaration, policy) }))
    }

    /// The missing attachments; `None` if none is missing. `enabled` returns whether an attachment is enabled, if it is
    /// attached.
    pub fn closed_by(&self, enabled: impl Fn(&Required) -> Option<bool>) -> Option<Arc<Closed>> {
        let missing = |of: &Required| match enabled(of) {
            Some(true) => None,
            found => Some(Missing { tenant: of.tenant.clone(), name: of.name.clone(), disabled: found.is_some() }),
        };
        let missing: Vec<Missing> = self.required.iter().filter_map(missing).collect();
        (!missing.is_empty()).then(|| Arc::new(Closed { missing }))
    }

    /// Whether it requires this attachment.
    pub fn names(&self, tenant: &str, name: &str) -> bool {
        self.required.iter().any(|of| of.name == name && of.tenant == tenant)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{} ({})", self.tenant, self.name, if self.disabled { "disabled" } else { "not attached" })
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the hook point is closed: it requires ")?;
        for (i, missing) in self.missing.iter().enumerate() {
            write!(f, "{}{missing}", if i == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl std::error::Error for Closed {}

//! A whole policy, held against the hook points of a host.

use std::fmt;

use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{Origin, Policy};
use thiserror::Error;

use super::disposition::{DispositionError, Verdicts};
use super::requirement;

/// A policy that does not fit the host: every problem, with file, line, column and key. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct PolicyRefused {
    /// At least one.
    pub problems: Vec<PolicyProblem>,
}

impl fmt::Display for PolicyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            let line = if i > 0 { "\n" } else { "" };
            write!(f, "{line}{problem}")?;
        }
        Ok(())
    }
}

/// One thing about a policy that does not fit the host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyProblem {
    /// A disposition that a hook point forbids, or that can never work there.
    #[error(transparent)]
    Disposition(#[from] DispositionError),
    /// Attachments that a hook point is to require, which has no closed result or cannot have this one.
    #[error("{set_at}:{}: {}: {reason}", set_at.column, set_at.key)]
    Requirement {
        /// Where that was set.
        set_at: Origin,
        /// What was expected.
        reason: String,
    },
    /// A deadline, on a host that was set up without.
    #[error(
        "{set_at}:{}: {}: this host was not set up for deadlines (`Host::builder().deadlines(true)`)",
        set_at.column, set_at.key
    )]
    Deadline {
        /// Where it was set.
        set_at: Origin,
    },
}

/// Holds a policy against hook points, for every tenant that it lets in, as [`Host::set_policy`](crate::Host::set_policy)
/// holds it against the host's. `deadlines` says whether a deadline may be set.
///
/// A disposition that a hook point forbids is a problem wherever it is written. A result that a hook point does not have,
/// or not with such a value, is one in a section about that hook point, where it can never work; elsewhere it may be
/// meant for other hook points, and is a problem of whoever attaches at this one.
///
/// # Errors
/// Every problem there is.
pub fn check_policy<'d>(
    policy: &Policy,
    points: impl IntoIterator<Item = &'d Declaration>,
    deadlines: bool,
) -> Result<(), PolicyRefused> {
    let mut problems: Vec<PolicyProblem> = Vec::new();
    if let Some(set_at) = policy.first_deadline().filter(|_| !deadlines) {
        problems.push(PolicyProblem::Deadline { set_at: set_at.clone() });
    }
    for point in points {
        if let Some((set_at, reason)) = requirement::check(point, policy) {
            problems.push(PolicyProblem::Requirement { set_at, reason });
        }
        let mut told: Vec<Origin> = Vec::new();
        let errors = policy
            .everybody(&point.name)
            .filter_map(|rules| Verdicts::all(point, &rules).err())
            .flatten()
            .filter(|error| error.forbidden || error.set_at.is_about_hook());
        for error in errors {
            // Whatever is said once for several causes or tenants is told once.
            if !told.contains(&error.set_at) {
                told.push((*error.set_at).clone());
                problems.push(error.into());
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(PolicyRefused { problems }) }
}

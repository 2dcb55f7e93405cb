//! Checks a whole policy against the hook points of a host.

use std::fmt;

use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{Origin, Policy, QuotaField, Rules};
use thiserror::Error;

use super::disposition::{DispositionError, Verdicts};
use super::requirement;

/// A policy that does not fit the host: every error, with file, line, column and key. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct PolicyRefused {
    /// The errors, at least one.
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

/// One error of a policy that does not fit the host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyProblem {
    /// A disposition that a hook point forbids, or that can never work there.
    #[error(transparent)]
    Disposition(#[from] DispositionError),
    /// Required attachments of a hook point that has no closed result, or cannot have this one.
    #[error("{set_at}:{}: {}: {reason}", set_at.column, set_at.key)]
    Requirement {
        /// Where it is set.
        set_at: Origin,
        /// What was expected.
        reason: String,
    },
    /// A deadline, on a host that was built without deadlines.
    #[error(
        "{set_at}:{}: {}: this host was built without deadlines (`Host::builder().deadlines(true)`)",
        set_at.column, set_at.key
    )]
    Deadline {
        /// Where it is set.
        set_at: Origin,
    },
    /// More reserved shelves for the named tenants than the host can have.
    #[error(
        "{set_at}:{}: {}: the listed tenants have {reserved} reserved calls up to here, and this host has executors for \
         {limit} beside its threads: lower `reserved_calls`, or give it more executors (`max_executors`)",
        set_at.column, set_at.key
    )]
    Reserved {
        /// The reserved shelves of the tenants up to the one that exceeds the limit, in order of their names.
        reserved: u64,
        /// The most that the host can have.
        limit: u64,
        /// Where that tenant's reserved calls are set.
        set_at: Origin,
    },
}

/// What a policy is checked against, beside hook points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fitting {
    /// Whether the host was built with deadlines.
    pub deadlines: bool,
    /// The number of shelves that can be reserved for tenants.
    pub reserved: u64,
}

/// Checks a policy against hook points, for every tenant that it accepts, as
/// [`Host::set_policy`](crate::Host::set_policy) does with the host's. `deadlines` says whether a deadline may be set.
///
/// A disposition that a hook point forbids is an error wherever it is set. A result that a hook point does not have, or
/// not with such a value, is an error in a section about that hook point, where it can never work; elsewhere it may be
/// meant for other hook points, and becomes an error when a script is attached at this one.
///
/// # Errors
/// Every error in the policy.
pub fn check_policy<'d>(
    policy: &Policy,
    points: impl IntoIterator<Item = &'d Declaration>,
    deadlines: bool,
) -> Result<(), PolicyRefused> {
    fits(policy, points, Fitting { deadlines, reserved: u64::MAX })
}

/// The same, for a host.
pub(crate) fn fits<'d>(
    policy: &Policy,
    points: impl IntoIterator<Item = &'d Declaration>,
    host: Fitting,
) -> Result<(), PolicyRefused> {
    let mut problems: Vec<PolicyProblem> = Vec::new();
    if let Some(set_at) = policy.first_deadline().filter(|_| !host.deadlines) {
        problems.push(PolicyProblem::Deadline { set_at: set_at.clone() });
    }
    problems.extend(too_many_places(policy, host.reserved));
    for point in points {
        if let Some((set_at, reason)) = requirement::check(point, policy) {
            problems.push(PolicyProblem::Requirement { set_at, reason });
        }
        let mut reported: Vec<Origin> = Vec::new();
        let errors = policy
            .everybody(&point.name)
            .filter_map(|rules| Verdicts::all(point, &rules).err())
            .flatten()
            .filter(|error| error.forbidden || error.set_at.is_about_hook());
        for error in errors {
            // A setting for several causes or tenants is reported once.
            if !reported.contains(&error.set_at) {
                reported.push((*error.set_at).clone());
                problems.push(error.into());
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(PolicyRefused { problems }) }
}

/// The rules of each tenant that the policy names.
fn listed(policy: &Policy) -> impl Iterator<Item = Rules> {
    policy.tenants().filter_map(|tenant| policy.resolve(tenant, "").ok())
}

/// The reserved shelves of the named tenants. Those of other tenants are not guaranteed, because their number is
/// unknown.
pub(crate) fn reserved(policy: &Policy) -> u64 {
    listed(policy).map(|rules| rules.quota.reserved_calls.get()).sum()
}

fn too_many_places(policy: &Policy, limit: u64) -> Option<PolicyProblem> {
    let mut reserved = 0;
    listed(policy).find_map(|rules| {
        reserved += rules.quota.reserved_calls.get();
        let set_at = || rules.origins.quota(QuotaField::ReservedCalls).clone();
        (reserved > limit).then(|| PolicyProblem::Reserved { reserved, limit, set_at: set_at() })
    })
}

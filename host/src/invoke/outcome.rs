//! The outcome of an invocation.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use tenterhook_hooks::codec::Answer;
use tenterhook_sandbox::Fault;
use thin_vec::ThinVec;

use crate::admit::Denied;
use crate::attach::{Attachment, Closed};
use crate::id::AttachmentId;

/// The outcome of an invocation; there always is one.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Outcome<R> {
    /// The results: of the attachment that decided, or the declared defaults.
    pub results: R,
    /// The deciding attachment; `None` if the default applies because none decided, or the closed result because none
    /// was called.
    pub decided_by: Option<AttachmentId>,
    /// The failures, in order.
    pub failures: Failures,
}

/// Failures, in order: a slice of them. It is one word, with an allocation only if there are any, because a denial must
/// be cheap.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Failures(ThinVec<Failure>);

/// As [`Outcome`], for a hook point whose types are known only at run time.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct DynamicOutcome {
    /// The answer; it leaves out what is at its default.
    pub answer: Answer,
    /// The deciding attachment.
    pub decided_by: Option<AttachmentId>,
    /// The failures, in order.
    pub failures: Failures,
}

/// A call that returned no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The attachment; `None` if the failure belongs to none.
    pub attachment: Option<AttachmentId>,
    /// The reason.
    pub kind: FailureKind,
}

/// Why a call returned no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureKind {
    /// The script failed.
    Fault(Fault),
    /// The policy denied the call.
    Denied(Denied),
    /// No attachment was called: one that the hook point requires is missing. The results are the closed ones.
    Closed(Arc<Closed>),
}

/// One call, as an [`Observer`](crate::Observer) sees it.
#[derive(Debug, Clone, Copy)]
pub struct CallReport<'a> {
    /// The attachment.
    pub attachment: AttachmentId,
    /// Its name.
    pub name: &'a str,
    /// Its tenant.
    pub tenant: &'a str,
    /// The answer, or why there is none.
    pub result: Result<&'a Answer, &'a FailureKind>,
    /// Fuel that it used.
    pub fuel: u64,
    /// Linear memory at the end of the call, in bytes.
    pub memory_bytes: u64,
    /// Log lines that exceeded its budget.
    pub log_lines_dropped: u64,
}

impl<R> Outcome<R> {
    #[inline]
    pub(crate) fn undecided(results: R) -> Outcome<R> {
        Outcome { results, decided_by: None, failures: Failures::default() }
    }

    /// The faults among the failures.
    pub fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.failures.iter().filter_map(|failure| match &failure.kind {
            FailureKind::Fault(fault) => Some(fault),
            FailureKind::Denied(_) | FailureKind::Closed(_) => None,
        })
    }
}

impl Failures {
    #[cold]
    pub(crate) fn push(&mut self, failure: Failure) {
        if self.0.is_empty() {
            // There is nearly always only one.
            self.0.reserve_exact(1);
        }
        self.0.push(failure);
    }
}

impl Deref for Failures {
    type Target = [Failure];

    #[inline]
    fn deref(&self) -> &[Failure] {
        &self.0
    }
}

impl IntoIterator for Failures {
    type Item = Failure;
    type IntoIter = std::vec::IntoIter<Failure>;

    fn into_iter(self) -> Self::IntoIter {
        Vec::from(self.0).into_iter()
    }
}

impl<'a> IntoIterator for &'a Failures {
    type Item = &'a Failure;
    type IntoIter = std::slice::Iter<'a, Failure>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<const N: usize> PartialEq<[Failure; N]> for Failures {
    fn eq(&self, other: &[Failure; N]) -> bool {
        **self == other[..]
    }
}

impl fmt::Debug for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&**self).finish()
    }
}

impl Failure {
    #[cold]
    pub(crate) fn of(attachment: &Attachment, kind: FailureKind) -> Failure {
        Failure { attachment: Some(attachment.id), kind }
    }

    #[cold]
    pub(crate) fn host(message: String) -> Failure {
        Failure { attachment: None, kind: FailureKind::Fault(Fault::Host { message }) }
    }
}

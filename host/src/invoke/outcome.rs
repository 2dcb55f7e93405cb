//! What an invocation comes to.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use tenterhook_hooks::codec::Answer;
use tenterhook_sandbox::Fault;
use thin_vec::ThinVec;

use crate::admit::Denied;
use crate::attach::{Attachment, Closed};
use crate::id::AttachmentId;

/// The outcome of an invocation: there always is one.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Outcome<R> {
    /// The results: of the attachment that decided, or the declared defaults.
    pub results: R,
    /// Which attachment decided; `None` where the default stands because nobody said otherwise, or the closed result
    /// because nobody was asked.
    pub decided_by: Option<AttachmentId>,
    /// What failed on the way, in order.
    pub failures: Failures,
}

/// Failures, in order: a slice of them. One word, and one allocation where there are any: a denial is to cost little.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Failures(ThinVec<Failure>);

/// As [`Outcome`], of a hook point whose types are known at run time only.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct DynamicOutcome {
    /// What was answered; silent about what is at its default.
    pub answer: Answer,
    /// Which attachment decided.
    pub decided_by: Option<AttachmentId>,
    /// What failed on the way, in order.
    pub failures: Failures,
}

/// A call that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Whose; `None` where it was no attachment's.
    pub attachment: Option<AttachmentId>,
    /// Why.
    pub kind: FailureKind,
}

/// Why a call gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureKind {
    /// The script failed.
    Fault(Fault),
    /// The policy refused the call.
    Denied(Denied),
    /// Nobody was asked: an attachment that the hook point requires is missing. The results are the closed ones.
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
    /// What it answered, or why not.
    pub result: Result<&'a Answer, &'a FailureKind>,
    /// Fuel it used.
    pub fuel: u64,
    /// Linear memory at its end, in bytes.
    pub memory_bytes: u64,
    /// Log lines that were over its budget.
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
            // Nearly always the only one.
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

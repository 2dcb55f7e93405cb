//! The outcome of an invocation.

use std::ffi::{CString, c_char};
use std::sync::Arc;

use tenterhook::hooks::codec::Answer;
use tenterhook::hooks::value::Value;
use tenterhook::{AttachmentId, FailureKind, Failures};

use crate::fields::th_field;
use crate::hook::{Point, th_hook};
use crate::pointer::{exclusive, shared, store};
use crate::status::{ApiError, c_text, guard, guard_value, th_status};
use crate::value::th_value;

/// The reusable outcome of an invocation. One thread at a time may use it.
pub struct th_outcome {
    pub(crate) point: Arc<Point>,
    pub(crate) answer: Answer,
    pub(crate) decided_by: Option<AttachmentId>,
    pub(crate) failures: Failures,
    pub(crate) calls: u32,
    /// Texts of the failure that was requested last.
    texts: (CString, CString),
}

impl th_outcome {
    /// Resets to the outcome of an invocation without calls.
    pub(crate) fn clear(&mut self) {
        self.answer = Answer::empty();
        self.decided_by = None;
        self.failures = Failures::default();
        self.calls = 0;
    }
}

/// A call that returned no answer. The texts are valid until another failure is requested, or the outcome is reused or freed.
#[repr(C)]
pub struct th_failure {
    /// The attachment; 0 if the failure belongs to none.
    pub attachment: u64,
    /// Whether the policy denied the call; otherwise the script failed.
    pub denied: bool,
    /// The cause as policies name it: "fuel", "memory", "stack", "script", "answer", "load", "host"; "busy", … Or
    /// "closed": an attachment that the hook point requires is missing, and the results are its closed ones.
    pub cause: *const c_char,
    /// What happened, in a line or, with a traceback, several.
    pub message: *const c_char,
}

/// Creates an outcome for a hook point's invocations. Free it with `th_outcome_free`.
///
/// # Safety
/// `hook` is null or a live hook; `outcome` is null or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_new(hook: *const th_hook, outcome: *mut *mut th_outcome) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let point = Arc::clone(&unsafe { shared(hook, "hook") }?.point);
        let made = Box::into_raw(Box::new(th_outcome {
            point,
            answer: Answer::empty(),
            decided_by: None,
            failures: Failures::default(),
            calls: 0,
            texts: Default::default(),
        }));
        // SAFETY: the caller's promise.
        unsafe { store(outcome, made, "room for the outcome") }.inspect_err(|_| {
            // SAFETY: it was created just now, and nothing else refers to it.
            drop(unsafe { Box::from_raw(made) });
        })
    })
}

/// Frees an outcome. Null is allowed.
///
/// # Safety
/// `outcome` is null or from `th_outcome_new`, not freed yet, not in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_free(outcome: *mut th_outcome) {
    guard(|| {
        if !outcome.is_null() {
            // SAFETY: the caller's promise.
            drop(unsafe { Box::from_raw(outcome) });
        }
        Ok(())
    });
}

/// Gets the value of a field: a result, at its declared default if no attachment returned it; or what changed in an
/// inout argument, `TH_ABSENT` if it did not change. A change to nil is a value of kind `TH_KIND_NIL`.
///
/// # Safety
/// `outcome` is null or live, not in use elsewhere; `value` is null or points to room for a value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_get(
    outcome: *const th_outcome,
    field: th_field,
    value: *mut th_value,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let outcome = unsafe { shared(outcome, "outcome") }?;
        let point = &outcome.point;
        if !point.fields.contains(field) {
            return Err(ApiError::new(th_status::TH_NAME, format!("{field} is not a field of this hook point")));
        }
        match point.fields.value(field, point.declaration(), &outcome.answer) {
            // SAFETY: the caller's promise.
            Some((found, ty)) => unsafe { store(value, th_value::of(found, ty), "room for the value") },
            None => Err(ApiError::absent()),
        }
    })
}

/// Whether anything in an inout argument changed.
///
/// # Safety
/// `outcome` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_changed(outcome: *const th_outcome, field: th_field) -> bool {
    guard_value(false, || {
        // SAFETY: the caller's promise.
        let outcome = unsafe { shared(outcome, "outcome") }?;
        let found = outcome.point.fields.value(field, outcome.point.declaration(), &outcome.answer);
        Ok(found.is_some_and(|(value, _)| !matches!(value, Value::Record(fields) if fields.is_empty())))
    })
}

/// The number of attachments that were called or would have been: 0 if none was attached, or if the hook point is
/// closed, which is a failure of the outcome.
///
/// # Safety
/// `outcome` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_calls(outcome: *const th_outcome) -> u32 {
    // SAFETY: the caller's promise.
    guard_value(0, || Ok(unsafe { shared(outcome, "outcome") }?.calls))
}

/// The attachment that decided; 0 if the default applies because none decided.
///
/// # Safety
/// `outcome` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_decided_by(outcome: *const th_outcome) -> u64 {
    guard_value(0, || {
        // SAFETY: the caller's promise.
        Ok(unsafe { shared(outcome, "outcome") }?.decided_by.map_or(0, AttachmentId::number))
    })
}

/// The number of calls that failed.
///
/// # Safety
/// `outcome` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_failures(outcome: *const th_outcome) -> usize {
    // SAFETY: the caller's promise.
    guard_value(0, || Ok(unsafe { shared(outcome, "outcome") }?.failures.len()))
}

/// The failure at `index`, from 0.
///
/// # Safety
/// `outcome` is null or live, not in use elsewhere; `failure` is null or points to room for a failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_outcome_failure(
    outcome: *mut th_outcome,
    index: usize,
    failure: *mut th_failure,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let outcome = unsafe { exclusive(outcome, "outcome") }?;
        let of = outcome.failures.get(index).ok_or_else(ApiError::absent)?;
        let (denied, cause, message) = describe(&of.kind);
        outcome.texts = (c_text(&cause), c_text(&message));
        let reported = th_failure {
            attachment: of.attachment.map_or(0, AttachmentId::number),
            denied,
            cause: outcome.texts.0.as_ptr(),
            message: outcome.texts.1.as_ptr(),
        };
        // SAFETY: the caller's promise.
        unsafe { store(failure, reported, "room for the failure") }
    })
}

/// Whether it was denied, the cause, and a message.
pub(crate) fn describe(kind: &FailureKind) -> (bool, String, String) {
    match kind {
        FailureKind::Fault(fault) => (false, fault.cause().to_string(), fault.to_string()),
        FailureKind::Denied(denied) => (true, denied.cause().to_string(), denied.to_string()),
        FailureKind::Closed(closed) => (true, "closed".to_owned(), closed.to_string()),
    }
}

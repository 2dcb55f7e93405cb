//! Firing a hook point.

use std::ffi::c_char;
use std::sync::Arc;

use tenterhook::CallReport;

use crate::args::th_args;
use crate::hook::Point;
use crate::outcome::th_outcome;
use crate::pointer::{exclusive, optional_text};
use crate::status::{ApiError, guard, th_status};

/// Fires the hook point of `args` and `outcome` with the values in `args`.
///
/// With `only`, only the attachments of that name are called: for programs whose configuration names a script.
///
/// Returns `TH_OK` whatever scripts do: failures are in the outcome, and the results are then what the policy says.
/// Arguments that could not be set are such a failure as well. If the status is not `TH_OK`, the outcome is that of a
/// hook point with nothing attached: the declared results, nothing changed, no call.
///
/// # Safety
/// `args` and `outcome` are null or live, not in use elsewhere; `only` is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_invoke(args: *mut th_args, only: *const c_char, outcome: *mut th_outcome) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let outcome = unsafe { exclusive(outcome, "outcome") }?;
        // The outcome is cleared before anything can fail: a caller that ignores the status must not find the previous
        // invocation's outcome.
        outcome.clear();
        // SAFETY: as above.
        let args = unsafe { exclusive(args, "args") }?;
        // SAFETY: as above.
        let only = unsafe { optional_text(only, "only") }?;
        let point = &*args.point;
        if !Arc::ptr_eq(&args.point, &outcome.point)
            && !Arc::ptr_eq(args.point.hook.declaration(), outcome.point.hook.declaration())
        {
            let message = format!("args are of {}, the outcome of {}", point_name(point), point_name(&outcome.point));
            return Err(ApiError::new(th_status::TH_TYPE, message));
        }
        complete(args);
        let mut calls = 0;
        let mut observer = |_: &CallReport<'_>| calls += 1;
        let came = args.point.hook.invoke_prepared(&mut args.encoder, only, &mut observer);
        outcome.answer = came.answer;
        outcome.decided_by = came.decided_by;
        outcome.failures = came.failures;
        outcome.calls = calls;
        Ok(())
    })
}

fn point_name(point: &Point) -> &str {
    &point.declaration().name
}

/// Notes a required slot that was not set: zero bytes are not an address.
fn complete(args: &mut th_args) {
    let th_args { point, encoder, unkept, .. } = args;
    let slots = encoder.bytes().head;
    let missing = unkept.iter().map(|needed| &point.slots.needed[*needed]).find(|needed| needed.is_missing(slots));
    if let Some(needed) = missing {
        encoder.fail(needed.at as usize, "is not set".to_owned());
    }
}

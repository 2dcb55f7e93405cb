//! Errors as values: a status code, and a message per thread.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a function came to. `th_error_message` says more of the last one that was not `TH_OK` or `TH_ABSENT`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_status {
    /// It worked.
    TH_OK = 0,
    /// There is nothing: a field that was not changed, an item beyond the end.
    TH_ABSENT = 1,
    /// A pointer that must not be null is.
    TH_NULL = 2,
    /// Text that is not UTF-8, or longer than it may be.
    TH_TEXT = 3,
    /// A name that is not known: a hook point, a slot, a field.
    TH_NAME = 4,
    /// A value of another type than was declared.
    TH_TYPE = 5,
    /// A value out of its range, or more values than there may be.
    TH_RANGE = 6,
    /// Called at the wrong time, such as an element that is set before its list.
    TH_SEQUENCE = 7,
    /// A declaration that is not one.
    TH_DECLARATION = 8,
    /// A policy that could not be read.
    TH_POLICY = 9,
    /// A script that was not attached.
    TH_SCRIPT = 10,
    /// An attachment that is gone.
    TH_GONE = 11,
    /// A file that could not be read, or a socket that could not be made.
    TH_FILE = 12,
    /// The sandbox cannot be set up on this machine.
    TH_SANDBOX = 13,
    /// The program was compiled for another version of the ABI.
    TH_ABI = 14,
    /// An error of this library. The call did nothing, or not all of it.
    TH_PANIC = 15,
}

/// A status and the message that goes with it.
#[derive(Debug)]
pub(crate) struct Problem {
    status: th_status,
    message: String,
}

impl Problem {
    #[cold]
    pub fn new(status: th_status, message: impl Into<String>) -> Problem {
        Problem { status, message: message.into() }
    }

    /// Nothing there, which is no error and leaves no message.
    pub fn absent() -> Problem {
        Problem { status: th_status::TH_ABSENT, message: String::new() }
    }

    pub fn status(&self) -> th_status {
        self.status
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

thread_local! {
    static MESSAGE: RefCell<CString> = RefCell::new(CString::default());
}

/// Text as C has it: up to the first NUL byte.
pub(crate) fn c_text(text: &str) -> CString {
    let until = text.find('\0').unwrap_or(text.len());
    CString::new(&text.as_bytes()[..until]).unwrap_or_default()
}

#[cold]
fn note(problem: &Problem) -> th_status {
    if problem.status != th_status::TH_ABSENT {
        // A message that is being read on this thread cannot be replaced at the same time; then the old one stays.
        let _ = MESSAGE.try_with(|message| {
            if let Ok(mut message) = message.try_borrow_mut() {
                *message = c_text(&problem.message);
            }
        });
    }
    problem.status
}

/// Runs the body of a function of the ABI: no panic leaves it, and problems are noted.
#[inline]
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Problem>) -> th_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => th_status::TH_OK,
        Ok(Err(problem)) => note(&problem),
        Err(_) => note(&Problem::new(th_status::TH_PANIC, "the library panicked; please report this")),
    }
}

/// As [`guard`], for functions that answer with a value: `otherwise` after a problem.
#[inline]
pub(crate) fn guard_value<T>(otherwise: T, body: impl FnOnce() -> Result<T, Problem>) -> T {
    let mut result = otherwise;
    guard(|| {
        result = body()?;
        Ok(())
    });
    result
}

/// Says what the last problem on this thread was; the text is good until the next problem on this thread. Never null.
#[unsafe(no_mangle)]
pub extern "C" fn th_error_message() -> *const c_char {
    MESSAGE.try_with(|message| message.try_borrow().map_or(c"".as_ptr(), |m| m.as_ptr())).unwrap_or(c"".as_ptr())
}

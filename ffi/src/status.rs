//! Errors as values: a status code, and a message per thread.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The status of a call. `th_error_message` describes the last one that was not `TH_OK` or `TH_ABSENT`.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_status {
    /// Success.
    TH_OK = 0,
    /// No value: a field that was not changed, an item beyond the end.
    TH_ABSENT = 1,
    /// A null pointer where none is allowed.
    TH_NULL = 2,
    /// Text that is not UTF-8, or too long.
    TH_TEXT = 3,
    /// An unknown name: a hook point, a slot, a field.
    TH_NAME = 4,
    /// A value of another type than was declared.
    TH_TYPE = 5,
    /// A value out of its range, or too many values.
    TH_RANGE = 6,
    /// A call in the wrong order, such as setting an element before its list.
    TH_SEQUENCE = 7,
    /// An invalid declaration.
    TH_DECLARATION = 8,
    /// A policy that could not be read.
    TH_POLICY = 9,
    /// A script that was not attached.
    TH_SCRIPT = 10,
    /// An attachment that is gone.
    TH_GONE = 11,
    /// A file that could not be read, or a socket that could not be created.
    TH_FILE = 12,
    /// The sandbox cannot be set up on this machine.
    TH_SANDBOX = 13,
    /// The program was compiled for another version of the ABI.
    TH_ABI = 14,
    /// An error in this library. The call had no effect, or only part of it.
    TH_PANIC = 15,
}

/// A status and the message that goes with it.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: th_status,
    message: String,
}

impl ApiError {
    #[cold]
    pub fn new(status: th_status, message: impl Into<String>) -> ApiError {
        ApiError { status, message: message.into() }
    }

    /// No value: not an error, and without a message.
    pub fn absent() -> ApiError {
        ApiError { status: th_status::TH_ABSENT, message: String::new() }
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

/// Text for C: up to the first NUL byte.
pub(crate) fn c_text(text: &str) -> CString {
    let until = text.find('\0').unwrap_or(text.len());
    CString::new(&text.as_bytes()[..until]).unwrap_or_default()
}

#[cold]
fn note(error: &ApiError) -> th_status {
    if error.status != th_status::TH_ABSENT {
        // A message that is being read on this thread cannot be replaced at the same time; then the old one stays.
        let _ = MESSAGE.try_with(|message| {
            if let Ok(mut message) = message.try_borrow_mut() {
                *message = c_text(&error.message);
            }
        });
    }
    error.status
}

/// Runs the body of a function of the ABI: panics do not leave it, and errors are noted.
#[inline]
pub(crate) fn guard(body: impl FnOnce() -> Result<(), ApiError>) -> th_status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => th_status::TH_OK,
        Ok(Err(error)) => note(&error),
        Err(_) => note(&ApiError::new(th_status::TH_PANIC, "the library panicked; please report this")),
    }
}

/// As [`guard`], for functions that return a value: `otherwise` after an error.
#[inline]
pub(crate) fn guard_value<T>(otherwise: T, body: impl FnOnce() -> Result<T, ApiError>) -> T {
    let mut result = otherwise;
    guard(|| {
        result = body()?;
        Ok(())
    });
    result
}

/// Returns the message of the last error on this thread; the text is valid until the next error on this thread. Never
/// null.
#[unsafe(no_mangle)]
pub extern "C" fn th_error_message() -> *const c_char {
    MESSAGE.try_with(|message| message.try_borrow().map_or(c"".as_ptr(), |m| m.as_ptr())).unwrap_or(c"".as_ptr())
}

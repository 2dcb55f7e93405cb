//! Pointers from C, checked before they are followed.
//!
//! What can be checked is: null, length, UTF-8. That a pointer that is not null points to what the header says is what
//! the caller promises, as everywhere in C.

use std::ffi::{CStr, c_char};

use crate::status::{Problem, th_status};

/// Longest text that is taken: names, documentation, paths.
pub(crate) const MAX_TEXT: usize = 64 * 1024;

fn null(what: &str) -> Problem {
    Problem::new(th_status::TH_NULL, format!("{what} is null"))
}

/// What a pointer points to.
///
/// # Safety
/// Null, or to a live `T` that nobody changes meanwhile.
#[inline]
pub(crate) unsafe fn shared<'a, T>(pointer: *const T, what: &str) -> Result<&'a T, Problem> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(what))
}

/// What a pointer points to, to change it.
///
/// # Safety
/// Null, or to a live `T` that nobody else uses meanwhile.
#[inline]
pub(crate) unsafe fn exclusive<'a, T>(pointer: *mut T, what: &str) -> Result<&'a mut T, Problem> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(what))
}

/// Stores a result.
///
/// # Safety
/// Null, or to room for a `T`.
#[inline]
pub(crate) unsafe fn store<T>(pointer: *mut T, value: T, what: &str) -> Result<(), Problem> {
    if pointer.is_null() {
        return Err(null(what));
    }
    // SAFETY: not null, so room for a T by the caller's promise; what was there need not be a T, so nothing is dropped.
    unsafe { pointer.write(value) };
    Ok(())
}

/// `count` values in a row. None of them may be at null.
///
/// # Safety
/// Null, or to `count` live values that nobody changes meanwhile.
#[inline]
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, count: usize, what: &str) -> Result<&'a [T], Problem> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(what));
    }
    if count > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(Problem::new(th_status::TH_RANGE, format!("{what}: {count} values do not fit into memory")));
    }
    // SAFETY: not null and of a size that can be, and otherwise the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

/// Text up to its NUL byte.
///
/// # Safety
/// Null, or to bytes that end with a NUL.
pub(crate) unsafe fn bytes<'a>(pointer: *const c_char, what: &str) -> Result<&'a [u8], Problem> {
    if pointer.is_null() {
        return Err(null(what));
    }
    // SAFETY: not null, so NUL-terminated by the caller's promise.
    Ok(unsafe { CStr::from_ptr(pointer) }.to_bytes())
}

/// UTF-8 text up to its NUL byte, of at most [`MAX_TEXT`] bytes.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(pointer: *const c_char, what: &str) -> Result<&'a str, Problem> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { bytes(pointer, what) }?;
    if bytes.len() > MAX_TEXT {
        let message = format!("{what}: expected at most {MAX_TEXT} bytes, got {}", bytes.len());
        return Err(Problem::new(th_status::TH_TEXT, message));
    }
    std::str::from_utf8(bytes).map_err(|_| Problem::new(th_status::TH_TEXT, format!("{what}: expected UTF-8 text")))
}

/// As [`text`]; null is none.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional_text<'a>(pointer: *const c_char, what: &str) -> Result<Option<&'a str>, Problem> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { text(pointer, what) }.map(Some)
}

/// Documentation; null is none.
///
/// # Safety
/// Null, or to bytes that end with a NUL.
pub(crate) unsafe fn documentation(doc: *const c_char) -> Result<String, Problem> {
    // SAFETY: the caller's promise.
    Ok(unsafe { optional_text(doc, "documentation") }?.unwrap_or_default().to_owned())
}

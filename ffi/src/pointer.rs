//! Pointers from C, checked before they are followed.
//!
//! Null, length and UTF-8 are checked. That a non-null pointer points to what the header says is the caller's promise,
//! as everywhere in C.

use std::ffi::{CStr, c_char};

use crate::status::{ApiError, th_status};

/// The longest text that is accepted: names, documentation, paths.
pub(crate) const MAX_TEXT: usize = 64 * 1024;

fn null(what: &str) -> ApiError {
    ApiError::new(th_status::TH_NULL, format!("{what} is null"))
}

/// The target of a pointer.
///
/// # Safety
/// Null, or a pointer to a live `T` that nothing changes meanwhile.
#[inline]
pub(crate) unsafe fn shared<'a, T>(pointer: *const T, what: &str) -> Result<&'a T, ApiError> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_ref() }.ok_or_else(|| null(what))
}

/// The target of a pointer, mutable.
///
/// # Safety
/// Null, or a pointer to a live `T` that nothing else uses meanwhile.
#[inline]
pub(crate) unsafe fn exclusive<'a, T>(pointer: *mut T, what: &str) -> Result<&'a mut T, ApiError> {
    // SAFETY: the caller's promise.
    unsafe { pointer.as_mut() }.ok_or_else(|| null(what))
}

/// Stores a result.
///
/// # Safety
/// Null, or a pointer to room for a `T`.
#[inline]
pub(crate) unsafe fn store<T>(pointer: *mut T, value: T, what: &str) -> Result<(), ApiError> {
    if pointer.is_null() {
        return Err(null(what));
    }
    // SAFETY: not null, so room for a T by the caller's promise; the old bytes need not be a T, so nothing is dropped.
    unsafe { pointer.write(value) };
    Ok(())
}

/// A slice of `count` values. A null pointer is allowed if there are none.
///
/// # Safety
/// Null, or a pointer to `count` live values that nothing changes meanwhile.
#[inline]
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, count: usize, what: &str) -> Result<&'a [T], ApiError> {
    if count == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(null(what));
    }
    if count > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(ApiError::new(th_status::TH_RANGE, format!("{what}: {count} values do not fit into memory")));
    }
    // SAFETY: not null and of a possible size; the rest is the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts(pointer, count) })
}

/// Text up to its NUL byte.
///
/// # Safety
/// Null, or bytes that end with a NUL.
pub(crate) unsafe fn bytes<'a>(pointer: *const c_char, what: &str) -> Result<&'a [u8], ApiError> {
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
pub(crate) unsafe fn text<'a>(pointer: *const c_char, what: &str) -> Result<&'a str, ApiError> {
    // SAFETY: the caller's promise.
    let bytes = unsafe { bytes(pointer, what) }?;
    if bytes.len() > MAX_TEXT {
        let message = format!("{what}: expected at most {MAX_TEXT} bytes, got {}", bytes.len());
        return Err(ApiError::new(th_status::TH_TEXT, message));
    }
    std::str::from_utf8(bytes).map_err(|_| ApiError::new(th_status::TH_TEXT, format!("{what}: expected UTF-8 text")))
}

/// As [`text`]; null is `None`.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn optional_text<'a>(pointer: *const c_char, what: &str) -> Result<Option<&'a str>, ApiError> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the caller's promise.
    unsafe { text(pointer, what) }.map(Some)
}

/// Documentation; null is empty.
///
/// # Safety
/// Null, or bytes that end with a NUL.
pub(crate) unsafe fn documentation(doc: *const c_char) -> Result<String, ApiError> {
    // SAFETY: the caller's promise.
    Ok(unsafe { optional_text(doc, "documentation") }?.unwrap_or_default().to_owned())
}

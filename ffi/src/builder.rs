//! Declarations that C programs create at run time.

use std::ffi::c_char;
use std::sync::Arc;

use tenterhook::hooks::schema::{Chain, Declaration, DeclarationBuilder, Type};
use tenterhook::hooks::value::Value;

use crate::pointer::{documentation, exclusive, store, text};
use crate::status::{ApiError, guard, th_status};

/// A type of a builder. 0 is no type: a function that failed returns it, and the declaration is rejected later.
pub type th_type = u32;

/// A declaration under construction. One thread at a time may use it.
pub struct th_builder {
    /// Taken when it is finished.
    declaration: Option<DeclarationBuilder>,
    types: Vec<Type>,
    /// The first error, with which the declaration is rejected.
    error: Option<(th_status, String)>,
}

/// How several attachments share a hook point.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_chain {
    /// They are called in order, until one returns something other than the default.
    TH_CHAIN_FIRST = 0,
    /// All of them are called; their answers are checked and discarded.
    TH_CHAIN_OBSERVE = 1,
}

/// The most types of one builder: more than any declaration may use.
const MAX_TYPES: usize = 8192;

impl th_builder {
    pub(crate) fn add(&mut self, ty: Type) -> Result<th_type, ApiError> {
        if self.types.len() >= MAX_TYPES {
            let error = ApiError::new(th_status::TH_DECLARATION, format!("expected at most {MAX_TYPES} types"));
            return Err(self.broken(error));
        }
        self.types.push(ty);
        // In range by the check above.
        Ok(self.types.len() as th_type)
    }

    pub(crate) fn ty(&self, number: th_type) -> Result<Type, ApiError> {
        let at = (number as usize).checked_sub(1);
        at.and_then(|at| self.types.get(at)).cloned().ok_or_else(|| no_type(number))
    }

    /// Notes the first error, and returns the error.
    pub(crate) fn broken(&mut self, error: ApiError) -> ApiError {
        if self.error.is_none() {
            self.error = Some((error.status(), error.message().to_owned()));
        }
        error
    }

    /// A type, and a value of it read from JSON; `what` and `name` are for messages.
    fn value(&self, what: &str, name: &str, ty: th_type, json: &str) -> Result<(Type, Value), ApiError> {
        let ty = self.ty(ty)?;
        let wrong =
            |reason: String| ApiError::new(th_status::TH_DECLARATION, format!("{what} of {name}, {json}: {reason}"));
        let value = serde_json::from_str(json).map_err(|error| wrong(error.to_string()))?;
        let value = Value::from_json(&ty, &value).map_err(|error| wrong(error.to_string()))?;
        Ok((ty, value))
    }

    fn change(&mut self, with: impl FnOnce(DeclarationBuilder) -> DeclarationBuilder) {
        self.declaration = self.declaration.take().map(with);
    }

    /// The declaration, checked.
    pub(crate) fn finish(&self) -> Result<Arc<Declaration>, ApiError> {
        if let Some((status, message)) = &self.error {
            return Err(ApiError::new(*status, message.clone()));
        }
        let builder = self.declaration.clone();
        let builder = builder.ok_or_else(|| ApiError::new(th_status::TH_PANIC, "the builder has failed earlier"))?;
        builder.build().map_err(|error| ApiError::new(th_status::TH_DECLARATION, error.to_string()))
    }
}

/// The error for a number that is not a type.
fn no_type(number: th_type) -> ApiError {
    ApiError::new(th_status::TH_DECLARATION, format!("{number} is not a type of this builder"))
}

/// A step of a builder: errors are noted in it too, so that only `th_hook_declare` need be checked.
///
/// # Safety
/// Null, or a live builder that nothing else uses meanwhile.
unsafe fn step(builder: *mut th_builder, body: impl FnOnce(&mut th_builder) -> Result<(), ApiError>) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let builder = unsafe { exclusive(builder, "builder") }?;
        body(builder).map_err(|error| builder.broken(error))
    })
}

/// Starts a declaration. `name` consists of Lua names joined by dots, such as "bgp.route_match"; the last is the name
/// of the handler. Free it with `th_builder_free`.
///
/// # Safety
/// `name` and `doc` are null or end with a NUL; `builder` is null or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_new(
    name: *const c_char,
    version: u32,
    doc: *const c_char,
    builder: *mut *mut th_builder,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (name, doc) = unsafe { (text(name, "the hook point's name")?, documentation(doc)?) };
        let declaration = Some(Declaration::builder(name, version).doc(&doc));
        let made = Box::into_raw(Box::new(th_builder { declaration, types: Vec::new(), error: None }));
        // SAFETY: the caller's promise.
        unsafe { store(builder, made, "room for the builder") }.inspect_err(|_| {
            // SAFETY: it was created just now, and nothing else refers to it.
            drop(unsafe { Box::from_raw(made) });
        })
    })
}

/// Frees a builder. Null is allowed.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not freed yet, not in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_free(builder: *mut th_builder) {
    guard(|| {
        if !builder.is_null() {
            // SAFETY: the caller's promise.
            drop(unsafe { Box::from_raw(builder) });
        }
        Ok(())
    });
}

/// Sets how several attachments share the hook point; the default is `TH_CHAIN_FIRST`. `chain` is a `th_chain`.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_chain(builder: *mut th_builder, chain: u32) -> th_status {
    let body = |b: &mut th_builder| {
        let chain = match chain {
            c if c == th_chain::TH_CHAIN_FIRST as u32 => Chain::First,
            c if c == th_chain::TH_CHAIN_OBSERVE as u32 => Chain::Observe,
            other => return Err(ApiError::new(th_status::TH_RANGE, format!("{other} is not a th_chain"))),
        };
        b.change(|d| d.chain(chain));
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { step(builder, body) }
}

/// Adds the next argument; scripts may change it if it is `inout`.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere; `name` and `doc` are null or end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_argument(
    builder: *mut th_builder,
    name: *const c_char,
    ty: th_type,
    inout: bool,
    doc: *const c_char,
) -> th_status {
    let body = |b: &mut th_builder| {
        // SAFETY: the caller's promise.
        let (name, doc) = unsafe { (text(name, "an argument's name")?, documentation(doc)?) };
        let ty = b.ty(ty)?;
        b.change(|d| if inout { d.inout(name, ty, &doc) } else { d.argument(name, ty, &doc) });
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { step(builder, body) }
}

/// Adds a result. `default_json` is what a missing key means, as JSON: `0`, `true`, `"text"`, `"VARIANT"`, `null`,
/// `[]`.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere; the texts are null or end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_result(
    builder: *mut th_builder,
    name: *const c_char,
    ty: th_type,
    default_json: *const c_char,
    doc: *const c_char,
) -> th_status {
    let body = |b: &mut th_builder| {
        // SAFETY: the caller's promise.
        let (name, doc) = unsafe { (text(name, "a result's name")?, documentation(doc)?) };
        // SAFETY: as above.
        let json = unsafe { text(default_json, "a result's default") }?;
        let (ty, default) = b.value("the default", name, ty, json)?;
        b.change(|d| d.result(name, ty, default, &doc));
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { step(builder, body) }
}

/// Sets the value of the result `name` while protection is missing, as JSON: while an attachment that the hook point
/// requires is not attached or does not answer, and where a policy says "closed". Other results are at their defaults
/// then. Add the result first (`th_builder_result`), with the same type.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere; the texts are null or end with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_closed(
    builder: *mut th_builder,
    name: *const c_char,
    ty: th_type,
    value_json: *const c_char,
) -> th_status {
    let body = |b: &mut th_builder| {
        // SAFETY: the caller's promise.
        let (name, json) = unsafe { (text(name, "a result's name")?, text(value_json, "a closed result")?) };
        let value = b.value("the closed result", name, ty, json)?.1;
        b.change(|d| d.closed(name, value));
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { step(builder, body) }
}

/// Requires an attachment: until `attachment`, written as TENANT/NAME, is attached and enabled, every invocation gives
/// the closed result, which must be set (`th_builder_closed`).
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere; `attachment` is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_require(builder: *mut th_builder, attachment: *const c_char) -> th_status {
    let body = |b: &mut th_builder| {
        // SAFETY: the caller's promise.
        let attachment = unsafe { text(attachment, "an attachment") }?;
        b.change(|d| d.require(attachment));
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { step(builder, body) }
}

/// Adds an integer that follows the arguments in each call, and that scripts find as a global too.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere; `name` is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_builder_constant(builder: *mut th_builder, name: *const c_char, value: i64) -> th_status {
    let body = |b: &mut th_builder| {
        // SAFETY: the caller's promise.
        let name = unsafe { text(name, "a constant's name") }?;
        b.change(|d| d.constant(name, value));
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { step(builder, body) }
}

//! Types of a declaration that is being built, named by number.

use std::ffi::c_char;
use std::sync::Arc;

use tenterhook::hooks::schema::{EnumType, Field, RecordType, Type, Variant};

use crate::builder::{th_builder, th_type};
use crate::pointer::{documentation, exclusive, slice, text};
use crate::status::{ApiError, guard_value};

/// One name of an enum.
#[repr(C)]
pub struct th_variant {
    /// The name that scripts read and may return.
    pub name: *const c_char,
    /// The integer that scripts may return instead.
    pub value: i64,
    /// What it means; may be null.
    pub doc: *const c_char,
}

/// One field of a record.
#[repr(C)]
pub struct th_member {
    /// Its name.
    pub name: *const c_char,
    /// Its type.
    pub ty: th_type,
    /// Whether scripts may change it if the record is an inout argument.
    pub writable: bool,
    /// What it means; may be null.
    pub doc: *const c_char,
}

/// Adds a type to a builder, and notes an error there.
///
/// # Safety
/// Null, or a live builder that nothing else uses meanwhile.
unsafe fn make(builder: *mut th_builder, body: impl FnOnce(&th_builder) -> Result<Type, ApiError>) -> th_type {
    guard_value(0, || {
        // SAFETY: the caller's promise.
        let builder = unsafe { exclusive(builder, "builder") }?;
        match body(builder) {
            Ok(ty) => builder.add(ty),
            Err(error) => Err(builder.broken(error)),
        }
    })
}

/// `true` or `false`.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_boolean(builder: *mut th_builder) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |_| Ok(Type::Boolean)) }
}

/// A whole number from `min` to `max`, both included.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_integer(builder: *mut th_builder, min: i64, max: i64) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |_| Ok(Type::integer(min, max))) }
}

/// A double.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_float(builder: *mut th_builder) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |_| Ok(Type::Float)) }
}

/// UTF-8 text of at most `max` bytes.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_text(builder: *mut th_builder, max: u32) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |_| Ok(Type::text(max))) }
}

/// At most `max` bytes of any kind.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_bytes(builder: *mut th_builder, max: u32) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |_| Ok(Type::bytes(max))) }
}

/// An IPv4 or IPv6 address.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_address(builder: *mut th_builder) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |_| Ok(Type::Address)) }
}

/// An IPv4 or IPv6 prefix.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_prefix(builder: *mut th_builder) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |_| Ok(Type::Prefix)) }
}

/// A value of type `of`, or nil.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_optional(builder: *mut th_builder, of: th_type) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |b| Ok(b.ty(of)?.optional())) }
}

/// At most `max` values of type `of`.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_list(builder: *mut th_builder, of: th_type, max: u32) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |b| Ok(b.ty(of)?.list(max))) }
}

/// At most `max` values of type `of` under string keys.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_map(builder: *mut th_builder, of: th_type, max: u32) -> th_type {
    // SAFETY: the caller's promise.
    unsafe { make(builder, |b| Ok(b.ty(of)?.map(max))) }
}

/// One of `count` names.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere; `name` and `doc` are null or end with a NUL;
/// `variants` points to `count` variants.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_enum(
    builder: *mut th_builder,
    name: *const c_char,
    doc: *const c_char,
    variants: *const th_variant,
    count: usize,
) -> th_type {
    let body = |_: &th_builder| {
        // SAFETY: the caller's promise.
        let given = unsafe { slice(variants, count, "variants") }?;
        let variant = |v: &th_variant| {
            // SAFETY: the caller's promise, of this variant's text.
            let (name, doc) = unsafe { (text(v.name, "a variant's name")?, documentation(v.doc)?) };
            Ok(Variant { name: name.to_owned(), value: v.value, doc })
        };
        let variants = given.iter().map(variant).collect::<Result<_, ApiError>>()?;
        // SAFETY: the caller's promise.
        let (name, doc) = unsafe { (text(name, "an enum's name")?.to_owned(), documentation(doc)?) };
        Ok(Type::Enum(Arc::new(EnumType { name, doc, variants })))
    };
    // SAFETY: the caller's promise.
    unsafe { make(builder, body) }
}

/// `count` named fields.
///
/// # Safety
/// `builder` is null or from `th_builder_new`, not in use elsewhere; `name` and `doc` are null or end with a NUL;
/// `members` points to `count` members.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_type_record(
    builder: *mut th_builder,
    name: *const c_char,
    doc: *const c_char,
    members: *const th_member,
    count: usize,
) -> th_type {
    let body = |b: &th_builder| {
        // SAFETY: the caller's promise.
        let given = unsafe { slice(members, count, "members") }?;
        let field = |m: &th_member| {
            // SAFETY: the caller's promise, of this member's text.
            let (name, doc) = unsafe { (text(m.name, "a member's name")?, documentation(m.doc)?) };
            Ok(Field { name: name.to_owned(), ty: b.ty(m.ty)?, writable: m.writable, doc })
        };
        let fields = given.iter().map(field).collect::<Result<_, ApiError>>()?;
        // SAFETY: the caller's promise.
        let (name, doc) = unsafe { (text(name, "a record's name")?.to_owned(), documentation(doc)?) };
        Ok(Type::Record(Arc::new(RecordType { name, doc, fields })))
    };
    // SAFETY: the caller's promise.
    unsafe { make(builder, body) }
}

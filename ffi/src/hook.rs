//! A hook point of a host, with its slots and fields.

use std::ffi::c_char;
use std::sync::Arc;

use tenterhook::DynamicHook;
use tenterhook::hooks::nearest;
use tenterhook::hooks::schema::Declaration;

use crate::fields::{Fields, th_field};
use crate::pointer::{shared, store, text};
use crate::slots::{Slots, th_slot};
use crate::status::{ApiError, guard, guard_value, th_status};

/// A hook point that can be fired. Several threads may use it at once.
pub struct th_hook {
    pub(crate) point: Arc<Point>,
}

/// The part that handles of one hook point share.
pub(crate) struct Point {
    pub hook: DynamicHook,
    pub slots: Slots,
    pub fields: Fields,
}

impl Point {
    pub fn new(hook: DynamicHook) -> Point {
        let slots = Slots::of(hook.declaration());
        let fields = Fields::of(hook.declaration());
        Point { hook, slots, fields }
    }

    pub fn declaration(&self) -> &Declaration {
        self.hook.declaration()
    }
}

fn unknown<'a>(of: &Declaration, what: &str, path: &str, known: impl Iterator<Item = &'a str>) -> ApiError {
    let near = nearest(path, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
    ApiError::new(th_status::TH_NAME, format!("{} has no {what} {path}{near}", of.name))
}

/// Finds the slot of an argument or of a part of one, such as "attributes.metric" or "paths[].next_hop".
///
/// # Safety
/// `hook` is null or a live hook; `path` is null or ends with a NUL; `slot` is null or points to room for a slot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_hook_slot(hook: *const th_hook, path: *const c_char, slot: *mut th_slot) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (hook, path) = unsafe { (shared(hook, "hook")?, text(path, "path")?) };
        let (slots, of) = (&hook.point.slots, hook.point.declaration());
        let found = slots.find(path).ok_or_else(|| unknown(of, "argument", path, slots.paths()))?;
        // SAFETY: the caller's promise.
        unsafe { store(slot, found, "room for the slot") }
    })
}

/// Finds a result such as "action", or a part of an inout argument that an answer can change, such as
/// "attributes.metric".
///
/// # Safety
/// `hook` is null or a live hook; `path` is null or ends with a NUL; `field` is null or points to room for a field.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_hook_field(hook: *const th_hook, path: *const c_char, field: *mut th_field) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (hook, path) = unsafe { (shared(hook, "hook")?, text(path, "path")?) };
        let (fields, of) = (&hook.point.fields, hook.point.declaration());
        let found = fields.find(path).ok_or_else(|| unknown(of, "result or change", path, fields.paths()))?;
        // SAFETY: the caller's promise.
        unsafe { store(field, found, "room for the field") }
    })
}

/// Finds the position of a member in its record, in order of declaration: that of "metric" among the attributes for
/// "attributes.metric". For programs that iterate over what changed.
///
/// # Safety
/// `hook` is null or a live hook; `path` is null or ends with a NUL; `position` is null or points to room for one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_hook_member(hook: *const th_hook, path: *const c_char, position: *mut usize) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (hook, path) = unsafe { (shared(hook, "hook")?, text(path, "path")?) };
        let (fields, of) = (&hook.point.fields, hook.point.declaration());
        let members = fields.paths().filter(|path| path.contains('.'));
        let found = fields.member(path).ok_or_else(|| unknown(of, "member", path, members))?;
        // SAFETY: the caller's promise.
        unsafe { store(position, found, "room for the position") }
    })
}

/// Whether anything is attached: one load, for callers that would spend time on the arguments.
///
/// # Safety
/// `hook` is null or a live hook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_hook_active(hook: *const th_hook) -> bool {
    guard_value(false, || {
        // SAFETY: the caller's promise.
        Ok(unsafe { shared(hook, "hook") }?.point.hook.is_active())
    })
}

/// Frees a handle. Null is allowed. The hook point and its attachments stay, and a new handle may be requested.
///
/// # Safety
/// `hook` is null or from `th_hook_declare` or `th_hook_catalog`, not freed yet, not in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_hook_free(hook: *mut th_hook) {
    guard(|| {
        if !hook.is_null() {
            // SAFETY: the caller's promise.
            drop(unsafe { Box::from_raw(hook) });
        }
        Ok(())
    });
}

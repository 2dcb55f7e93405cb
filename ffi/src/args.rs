//! Arguments of one invocation, written straight into the buffer that scripts read.
//!
//! Arguments are created once and reused for every invocation: after the first few, nothing is allocated.
//! `th_args_begin` makes all of them zero, false, empty and absent; setting a value makes the optionals around it
//! present. Values stay set after an invocation: without `th_args_begin` the next one has them as well, and may set
//! some of them anew.

use std::sync::Arc;

use tenterhook::hooks::codec::Encoder;

use crate::hook::{Point, th_hook};
use crate::pointer::{exclusive, shared, store};
use crate::slots::{Kind, Slot, Slots, th_slot};
use crate::status::{ApiError, guard, th_status};

/// Reusable arguments of a hook point. One thread at a time may use them.
pub struct th_args {
    pub(crate) point: Arc<Point>,
    pub(crate) encoder: Encoder,
    /// Where the element that is being written lies, per scope; scope 0 is the arguments at 0.
    pub(crate) bases: Vec<Option<usize>>,
    /// Where a scope's elements lie, and how many there are.
    pub(crate) elements: Vec<(usize, usize)>,
    #[cfg(feature = "bgp")]
    pub(crate) scratch: Scratch,
    /// The bytes that `th_args_begin` starts from if something is kept.
    kept: Vec<u8>,
    /// The required slots that are not among what is kept: they are checked before every invocation.
    pub(crate) unkept: Vec<usize>,
}

/// Numbers during conversion from network byte order; reused, so that they need no allocation.
#[cfg(feature = "bgp")]
#[derive(Default)]
pub(crate) struct Scratch {
    pub ones: Vec<u32>,
    pub threes: Vec<[u32; 3]>,
}

impl th_args {
    fn new(point: &Arc<Point>) -> th_args {
        let scopes = point.slots.scopes as usize;
        let mut args = th_args {
            point: Arc::clone(point),
            encoder: Encoder::new(),
            bases: vec![None; scopes],
            elements: vec![(0, 0); scopes],
            #[cfg(feature = "bgp")]
            scratch: Scratch::default(),
            kept: Vec::new(),
            unkept: Vec::new(),
        };
        args.forget();
        args.begin();
        args
    }

    pub(crate) fn begin(&mut self) {
        let head = self.point.slots.head;
        if self.kept.is_empty() {
            self.encoder.begin(head);
        } else {
            self.encoder.begin_with(&self.kept, head);
        }
        self.bases.fill(None);
        self.elements.fill((0, 0));
        // There always is a scope 0.
        if let Some(arguments) = self.bases.first_mut() {
            *arguments = Some(0);
        }
    }

    /// Discards what is kept.
    fn forget(&mut self) {
        self.kept.clear();
        self.unkept.clear();
        self.unkept.extend(0..self.point.slots.needed.len());
    }

    /// Puts a value into a slot: `write` gets the slot, its position, and the encoder. An error is noted in the encoder
    /// as well, so that arguments that are not what the caller meant are never used.
    #[inline]
    pub(crate) fn put(
        &mut self,
        number: th_slot,
        write: impl FnOnce(&Slot, usize, &mut Encoder) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        self.put_among(number, |_, slot, at, out| write(slot, at, out))
    }

    /// As `put`, for functions that need other slots as well.
    #[inline]
    pub(crate) fn put_among(
        &mut self,
        number: th_slot,
        write: impl FnOnce(&Slots, &Slot, usize, &mut Encoder) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let Some(slot) = self.point.slots.get(number) else {
            let error = ApiError::new(th_status::TH_NAME, format!("{number} is not a slot of this hook point"));
            return Err(broken(&mut self.encoder, error));
        };
        let Some(base) = self.bases.get(slot.scope as usize).copied().flatten() else {
            let message = format!("{}: no element is selected; call th_args_element first", slot.path);
            return Err(broken(&mut self.encoder, ApiError::new(th_status::TH_SEQUENCE, message)));
        };
        for at in &slot.presence {
            self.encoder.integer(base + *at as usize, 1);
        }
        match write(&self.point.slots, slot, base + slot.at as usize, &mut self.encoder) {
            Ok(()) => Ok(()),
            Err(error) => Err(broken(&mut self.encoder, error)),
        }
    }
}

/// Notes an error, so that the call it was meant for fails.
#[cold]
pub(crate) fn broken(encoder: &mut Encoder, error: ApiError) -> ApiError {
    encoder.fail(usize::MAX, error.message().to_owned());
    error
}

#[cold]
pub(crate) fn mismatch(slot: &Slot, got: &str) -> ApiError {
    let expected = match &slot.kind {
        Kind::Boolean => "boolean",
        Kind::Integer { .. } => "integer",
        Kind::Float => "float",
        Kind::String { .. } => "string",
        Kind::Address => "address",
        Kind::Prefix => "prefix",
        Kind::Enum(e) => &e.name,
        Kind::List { .. } => "list",
        Kind::Map { .. } => "map",
        Kind::Record => "record",
    };
    ApiError::new(th_status::TH_TYPE, format!("{}: expected {expected}, got {got}", slot.path))
}

#[cold]
pub(crate) fn out_of_range(slot: &Slot, expected: &str, got: impl std::fmt::Display) -> ApiError {
    ApiError::new(th_status::TH_RANGE, format!("{}: expected {expected}, got {got}", slot.path))
}

/// Creates arguments for a hook point, all zero. Free them with `th_args_free`.
///
/// # Safety
/// `hook` is null or a live hook; `args` is null or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_new(hook: *const th_hook, args: *mut *mut th_args) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let hook = unsafe { shared(hook, "hook") }?;
        let made = Box::into_raw(Box::new(th_args::new(&hook.point)));
        // SAFETY: the caller's promise.
        unsafe { store(args, made, "room for the args") }.inspect_err(|_| {
            // SAFETY: it was created just now, and nothing else refers to it.
            drop(unsafe { Box::from_raw(made) });
        })
    })
}

/// Frees arguments. Null is allowed.
///
/// # Safety
/// `args` is null or from `th_args_new`, not freed yet, not in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_free(args: *mut th_args) {
    guard(|| {
        if !args.is_null() {
            // SAFETY: the caller's promise.
            drop(unsafe { Box::from_raw(args) });
        }
        Ok(())
    });
}

/// Keeps what is set now: `th_args_begin` starts over with it. This is for arguments that stay the same from one
/// invocation to the next, such as the peer that many routes come from. Set elements of lists before.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_keep(args: *mut th_args) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let args = unsafe { exclusive(args, "args") }?;
        if args.encoder.is_broken() {
            args.forget();
            return Err(ApiError::new(th_status::TH_SEQUENCE, "the value that was set is invalid and was not stored"));
        }
        let th_args { point, encoder, kept, unkept, .. } = &mut *args;
        let bytes = encoder.bytes();
        kept.clear();
        kept.extend_from_slice(bytes.head);
        kept.extend_from_slice(bytes.tail);
        let needed = point.slots.needed.iter().enumerate();
        unkept.clear();
        unkept.extend(needed.filter(|(_, needed)| !needed.is_set(bytes.head)).map(|(number, _)| number));
        // What is set from now on lies behind what is kept.
        args.begin();
        Ok(())
    })
}

/// Discards what is kept, and starts over: everything is zero, false, empty and absent.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_clear(args: *mut th_args) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let args = unsafe { exclusive(args, "args") }?;
        args.forget();
        args.begin();
        Ok(())
    })
}

/// Starts over: everything is zero, false, empty and absent, except what `th_args_keep` kept. Without it, arguments
/// keep their values from one invocation to the next; numbers, addresses and prefixes may then be set anew at no cost,
/// while replaced strings and lists take memory until the next start.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_begin(args: *mut th_args) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        unsafe { exclusive(args, "args") }?.begin();
        Ok(())
    })
}

/// Makes an optional present without setting anything in it: a record whose fields are all zero.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_present(args: *mut th_args, slot: th_slot) -> th_status {
    let write = |slot: &Slot, _: usize, _: &mut Encoder| match slot.optional {
        true => Ok(()),
        false => Err(mismatch(slot, "a call for an optional")),
    };
    // SAFETY: the caller's promise.
    guard(|| unsafe { exclusive(args, "args") }?.put(slot, write))
}

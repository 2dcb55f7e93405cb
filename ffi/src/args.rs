//! Arguments of one invocation, written straight into the buffer that scripts read.
//!
//! Made once and used again for every invocation: after the first few, nothing is allocated. `th_args_begin` makes all
//! of it zero, false, empty and absent; setting a value makes the optionals around it present. What is set stays set
//! after an invocation: without `th_args_begin` the next one has it as well, and may set some of it anew.

use std::sync::Arc;

use tenterhook::hooks::codec::Encoder;

use crate::hook::{Point, th_hook};
use crate::pointer::{exclusive, shared, store};
use crate::slots::{Kind, Slot, Slots, th_slot};
use crate::status::{Problem, guard, th_status};

/// Arguments of a hook point, to be filled and used again. One thread at a time.
pub struct th_args {
    pub(crate) point: Arc<Point>,
    pub(crate) encoder: Encoder,
    /// Where the element that is being written lies, per scope; scope 0 is the arguments at 0.
    pub(crate) bases: Vec<Option<usize>>,
    /// Where a scope's elements lie, and how many there are.
    pub(crate) elements: Vec<(usize, usize)>,
    #[cfg(feature = "bgp")]
    pub(crate) scratch: Scratch,
    /// What `th_args_begin` starts from where something is kept.
    kept: Vec<u8>,
    /// Which of the slots that have to be set are not among what is kept: they are looked at before every invocation.
    pub(crate) unkept: Vec<usize>,
}

/// Numbers on their way from network byte order; kept, so that they need no allocation.
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

    /// Keeps nothing any more.
    fn forget(&mut self) {
        self.kept.clear();
        self.unkept.clear();
        self.unkept.extend(0..self.point.slots.needed.len());
    }

    /// Puts a value into a slot: `write` gets the slot, where it is, and the encoder. What fails is noted in the
    /// encoder as well, so that arguments that are not what the caller meant are never run.
    #[inline]
    pub(crate) fn put(
        &mut self,
        number: th_slot,
        write: impl FnOnce(&Slot, usize, &mut Encoder) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.put_among(number, |_, slot, at, out| write(slot, at, out))
    }

    /// As `put`, for what has to look at other slots as well.
    #[inline]
    pub(crate) fn put_among(
        &mut self,
        number: th_slot,
        write: impl FnOnce(&Slots, &Slot, usize, &mut Encoder) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let Some(slot) = self.point.slots.get(number) else {
            let problem = Problem::new(th_status::TH_NAME, format!("{number} is no slot of this hook point"));
            return Err(broken(&mut self.encoder, problem));
        };
        let Some(base) = self.bases.get(slot.scope as usize).copied().flatten() else {
            let message = format!("{}: no element is selected; th_args_element does", slot.path);
            return Err(broken(&mut self.encoder, Problem::new(th_status::TH_SEQUENCE, message)));
        };
        for at in &slot.presence {
            self.encoder.integer(base + *at as usize, 1);
        }
        match write(&self.point.slots, slot, base + slot.at as usize, &mut self.encoder) {
            Ok(()) => Ok(()),
            Err(problem) => Err(broken(&mut self.encoder, problem)),
        }
    }
}

/// Notes a problem, so that the call it was meant for fails.
#[cold]
pub(crate) fn broken(encoder: &mut Encoder, problem: Problem) -> Problem {
    encoder.fail(usize::MAX, problem.message().to_owned());
    problem
}

#[cold]
pub(crate) fn mismatch(slot: &Slot, got: &str) -> Problem {
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
    Problem::new(th_status::TH_TYPE, format!("{}: expected {expected}, got {got}", slot.path))
}

#[cold]
pub(crate) fn out_of_range(slot: &Slot, expected: &str, got: impl std::fmt::Display) -> Problem {
    Problem::new(th_status::TH_RANGE, format!("{}: expected {expected}, got {got}", slot.path))
}

/// Makes arguments for a hook point, all zero. Free them with `th_args_free`.
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
            // SAFETY: made just now, and nobody has it.
            drop(unsafe { Box::from_raw(made) });
        })
    })
}

/// Frees arguments; null is fine.
///
/// # Safety
/// `args` is null or from `th_args_new`, not freed yet, in use by nobody.
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

/// Keeps what is set now: `th_args_begin` starts over with it. For arguments that stay the same from one invocation to
/// the next, such as the peer that many routes come from. Elements of lists are to be set before.
///
/// # Safety
/// `args` is null or live, in use by nobody else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_keep(args: *mut th_args) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let args = unsafe { exclusive(args, "args") }?;
        if args.encoder.is_broken() {
            args.forget();
            return Err(Problem::new(th_status::TH_SEQUENCE, "the value that was set is invalid and was not stored"));
        }
        let th_args { point, encoder, kept, unkept, .. } = &mut *args;
        let bytes = encoder.bytes();
        kept.clear();
        kept.extend_from_slice(bytes.head);
        kept.extend_from_slice(bytes.tail);
        let needed = point.slots.needed.iter().enumerate();
        unkept.clear();
        unkept.extend(needed.filter(|(_, needed)| !needed.is_set(bytes.head)).map(|(number, _)| number));
        // From here as from any other start: what is set now comes behind what is kept.
        args.begin();
        Ok(())
    })
}

/// Keeps nothing any more, and starts over: everything is zero, false, empty and absent.
///
/// # Safety
/// `args` is null or live, in use by nobody else.
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

/// Starts over: everything is zero, false, empty and absent, but for what `th_args_keep` kept. Without it, arguments
/// stay as they are from one invocation to the next; numbers, addresses and prefixes may then be set anew at no cost,
/// strings and lists leave what they were before behind until the next start.
///
/// # Safety
/// `args` is null or live, in use by nobody else.
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
/// `args` is null or live, in use by nobody else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_present(args: *mut th_args, slot: th_slot) -> th_status {
    let write = |slot: &Slot, _: usize, _: &mut Encoder| match slot.optional {
        true => Ok(()),
        false => Err(mismatch(slot, "a call for an optional")),
    };
    // SAFETY: the caller's promise.
    guard(|| unsafe { exclusive(args, "args") }?.put(slot, write))
}

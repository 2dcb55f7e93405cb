//! What scripts may request of the host, behind one trait.
//!
//! A capability is a library of functions that scripts find as a global table (`log.info(…)`). The guest sends a
//! function's number and its arguments; all of this comes from a hostile guest until it has been checked.
//!
//! ```text
//! Lua  log.info("x") ─▶ host_call(number, arguments) ─▶ Context ─▶ Capabilities::call ─▶ Capability::call ─▶ Reply
//! ```

mod context;
mod log;

use std::net::IpAddr;
use std::sync::Arc;

use tenterhook_hooks::codec::{Tag, Wire};
use tenterhook_hooks::value::Prefix;
use tenterhook_sandbox::LogBudget;

pub(crate) use context::Context;
pub(crate) use log::Log;
pub use log::escaped;
pub use log::{LogLine, LogSink, TracingSink};

use crate::admit::Tenant;
use crate::observe::Subject;

/// The most arguments of one function.
const MAX_ARGUMENTS: usize = 16;

/// A library of functions for scripts.
pub trait Capability: Send + Sync {
    /// The name of the table in scripts.
    fn library(&self) -> &str;
    /// The names of its functions.
    fn functions(&self) -> &[&str];
    /// Calls the function at that position of [`Capability::functions`].
    ///
    /// # Errors
    /// [`CallError::Refused`] becomes a Lua error at the script's line; [`CallError::Failed`] ends the call with a
    /// fault `host`.
    fn call(&self, function: usize, arguments: &[Argument<'_>], caller: &mut Caller<'_>) -> Result<Reply, CallError>;
}

/// An argument of a capability function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Argument<'a> {
    /// `nil`.
    Nil,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Bytes.
    String(&'a [u8]),
    /// An address.
    Address(IpAddr),
    /// A prefix.
    Prefix(Prefix),
    /// A value that capability functions do not accept: a table, a function, …
    Other,
    /// Arguments beyond 64 KiB in total, of any kind; nothing follows.
    TooLarge,
}

/// The return value of a capability function.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// No value.
    Nothing,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Bytes, at most 1,000.
    String(Vec<u8>),
}

/// Why a capability function returned no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// The script's error: it gets a Lua error with this message.
    Refused(String),
    /// The host's error: the call ends with a fault `host`.
    Failed(String),
}

/// The caller of a function.
pub struct Caller<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// The attachment's name.
    pub attachment: &'a str,
    /// The script's name.
    pub script: &'a str,
    /// Line of the script, if it is known.
    pub line: Option<u32>,
    pub(crate) log: &'a mut LogBudget,
    pub(crate) subject: &'a Subject,
    pub(crate) account: &'a Tenant,
}

/// The capabilities of one attachment, with their functions numbered consecutively.
pub(crate) struct Capabilities {
    libraries: Vec<Arc<dyn Capability>>,
    /// Number → (library, function).
    functions: Vec<(usize, usize)>,
}

impl Capabilities {
    pub fn new(libraries: Vec<Arc<dyn Capability>>) -> Capabilities {
        let numbered = |(at, library): (usize, &Arc<dyn Capability>)| {
            (0..library.functions().len()).map(move |function| (at, function)).collect::<Vec<_>>()
        };
        let functions = libraries.iter().enumerate().flat_map(numbered).collect();
        Capabilities { libraries, functions }
    }

    /// The libraries in the guest's format (`guest-lua/shim/library.h`).
    pub fn descriptor(&self) -> Vec<u8> {
        let mut bytes = vec![u8::try_from(self.libraries.len()).unwrap_or(u8::MAX)];
        let name = |bytes: &mut Vec<u8>, name: &str| {
            let len = name.len().min(64);
            bytes.extend_from_slice(&(len as u16).to_le_bytes());
            bytes.extend_from_slice(&name.as_bytes()[..len]);
        };
        let mut number = 0u32;
        for library in self.libraries.iter().take(usize::from(u8::MAX)) {
            name(&mut bytes, library.library());
            bytes.push(u8::try_from(library.functions().len()).unwrap_or(u8::MAX));
            for function in library.functions().iter().take(usize::from(u8::MAX)) {
                name(&mut bytes, function);
                bytes.extend_from_slice(&number.to_le_bytes());
                number += 1;
            }
        }
        bytes
    }

    /// One call from the guest. `Err` ends the invocation.
    fn call(&self, number: u32, arguments: &[u8], caller: &mut Caller<'_>, reply: &mut Vec<u8>) -> Result<(), String> {
        let Some((library, function)) = self.functions.get(number as usize).copied() else {
            return Err(format!("host call of function {number}, which does not exist"));
        };
        let library = &self.libraries[library];
        let mut room = [Argument::Nil; MAX_ARGUMENTS];
        let count = read(arguments, &mut room).ok_or("host call with malformed arguments")?;
        let answer = match library.call(function, &room[..count], caller) {
            Ok(answer) => answer,
            Err(CallError::Failed(problem)) => return Err(problem),
            Err(CallError::Refused(reason)) => {
                let name = library.functions().get(function).copied().unwrap_or("?");
                let words = format!("{}.{name}: {reason}", library.library());
                // 11 marks a rejected call in replies.
                string(reply, 11, &words.as_bytes()[..words.len().min(1000)]);
                return Ok(());
            }
        };
        match answer {
            Reply::Nothing => {}
            Reply::Boolean(v) => reply.push(if v { 2 } else { 1 }),
            Reply::Integer(v) => {
                reply.push(3);
                reply.extend_from_slice(&v.to_le_bytes());
            }
            Reply::Float(v) => {
                reply.push(4);
                reply.extend_from_slice(&v.to_le_bytes());
            }
            Reply::String(bytes) => string(reply, 5, &bytes),
        }
        Ok(())
    }
}

fn string(reply: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    reply.push(tag);
    // A reply without room in the guest is rejected before it is written, whatever its claimed length.
    reply.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    reply.extend_from_slice(bytes);
}

/// Reads arguments up to the room for them; returns their number. `None` if the bytes are not arguments.
fn read<'a>(bytes: &'a [u8], room: &mut [Argument<'a>; MAX_ARGUMENTS]) -> Option<usize> {
    let mut wire = Wire::new(bytes);
    let mut count = 0;
    let mut depth = 0usize;
    while !wire.is_empty() {
        let argument = match wire.step()? {
            Tag::Table | Tag::Changes(_) => {
                depth += 1;
                if depth > 1 {
                    continue;
                }
                Argument::Other
            }
            Tag::End => {
                depth = depth.checked_sub(1)?;
                continue;
            }
            _ if depth > 0 => continue,
            Tag::Nil | Tag::Nothing => Argument::Nil,
            Tag::Boolean(v) => Argument::Boolean(v),
            Tag::Integer(v) => Argument::Integer(v),
            Tag::Float(v) => Argument::Float(v),
            Tag::String(v) => Argument::String(v),
            Tag::Address(v) => Argument::Address(v),
            Tag::Prefix(v) => Argument::Prefix(v),
            Tag::Unsupported(_) | Tag::Cycle | Tag::TooDeep => Argument::Other,
            Tag::TooLarge => Argument::TooLarge,
        };
        if let Some(place) = room.get_mut(count) {
            *place = argument;
            count += 1;
        }
    }
    Some(count)
}

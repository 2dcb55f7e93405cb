//! Why a call returned no answer, by cause, and the conversion of traps and errors to these faults.

use tenterhook_guest_lua::absent;
use tenterhook_policies::{Budget, Bytes, Deadline, FaultCause, Fuel, Millis, PAGE};
use thiserror::Error;
use wasmtime::Trap;

use crate::guest::{FLAG_MEMORY, FLAG_NO_HANDLER, FLAG_STACK, FLAG_SYNTAX};

/// A call that failed. The list is closed: whatever a script does, a failed call ends with one of these.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// The budget of fuel is used up.
    #[error("out of fuel: the call used up its budget of {budget}")]
    OutOfFuel {
        /// The budget.
        budget: Fuel,
    },
    /// Memory ran out, and collecting garbage did not help.
    #[error("out of memory: {asked} more did not fit in {limit}")]
    OutOfMemory {
        /// The size of the last request.
        asked: Bytes,
        /// The budget.
        limit: Bytes,
    },
    /// A stack overflowed: Lua's, the guest's or the host's part of the native one.
    #[error("stack overflow: {message}")]
    Stack {
        /// Which stack.
        message: String,
        /// Lua's traceback, if Lua could still produce one.
        traceback: Option<String>,
    },
    /// The script raised an error that it did not catch.
    #[error("{message}")]
    Script {
        /// The error in Lua's words: script, line, message.
        message: String,
        /// Lua's traceback.
        traceback: Option<String>,
    },
    /// The answer does not match the declaration.
    #[error("{path}: {reason}")]
    Answer {
        /// The path, starting with `result`.
        path: String,
        /// What was expected and what was found.
        reason: String,
    },
    /// The script could not be loaded.
    #[error("{message}")]
    Load {
        /// The reason: script, line, message.
        message: String,
        /// Lua's traceback, if the script failed while it ran.
        traceback: Option<String>,
    },
    /// The call took longer than the deadline of its policy.
    #[error("deadline: the call took longer than {limit}")]
    Deadline {
        /// The deadline.
        limit: Millis,
    },
    /// The host, or the interpreter itself, failed.
    #[error("{message}")]
    Host {
        /// What failed.
        message: String,
    },
}

impl Fault {
    /// The cause, by its name in policies.
    pub fn cause(&self) -> FaultCause {
        match self {
            Fault::OutOfFuel { .. } => FaultCause::Fuel,
            Fault::OutOfMemory { .. } => FaultCause::Memory,
            Fault::Stack { .. } => FaultCause::Stack,
            Fault::Script { .. } => FaultCause::Script,
            Fault::Answer { .. } => FaultCause::Answer,
            Fault::Load { .. } => FaultCause::Load,
            Fault::Host { .. } => FaultCause::Host,
            Fault::Deadline { .. } => FaultCause::Deadline,
        }
    }

    /// Lua's traceback, if there is one.
    pub fn traceback(&self) -> Option<&str> {
        match self {
            Fault::Stack { traceback, .. } | Fault::Script { traceback, .. } | Fault::Load { traceback, .. } => {
                traceback.as_deref()
            }
            _ => None,
        }
    }
}

/// Below this address the guest's stack counts as full: frames of its libraries are larger than this.
const STACK_RED_ZONE: i32 = 4096;

impl Fault {
    #[cold]
    pub(crate) fn host(message: impl Into<String>) -> Fault {
        Fault::Host { message: message.into() }
    }

    /// The fault that a trap means, given the stack pointer where it happened.
    #[cold]
    pub(crate) fn of_trap(trap: Trap, stack_pointer: u32, budget: &Budget, deadline: Option<Millis>) -> Fault {
        match trap {
            Trap::Interrupt => Fault::Deadline { limit: deadline.unwrap_or(Deadline::MAX) },
            Trap::OutOfFuel => Fault::OutOfFuel { budget: budget.fuel },
            Trap::StackOverflow => {
                Fault::Stack { message: "native stack exhausted by nested calls".to_owned(), traceback: None }
            }
            // The guest's stack lies at the bottom of its memory, so an overflow leaves memory.
            Trap::MemoryOutOfBounds if (stack_pointer as i32) < STACK_RED_ZONE => {
                Fault::Stack { message: "the interpreter's stack is exhausted".to_owned(), traceback: None }
            }
            trap => Fault::host(format!("the interpreter trapped: {trap}")),
        }
    }

    /// The fault for an error that the script threw and did not catch. `flags` come from the guest and say of what kind
    /// it is.
    #[cold]
    pub(crate) fn of_throw(message: Option<String>, traceback: Option<String>, flags: u32, budget: &Budget) -> Fault {
        let message = message.unwrap_or_else(|| "error without a message".to_owned());
        match flags {
            flags if flags & FLAG_STACK != 0 => Fault::Stack { message, traceback },
            // Memory ran out, and the script could have caught that. Memory grows by pages, so the request was for a
            // page.
            flags if flags & FLAG_MEMORY != 0 => Fault::OutOfMemory { asked: PAGE, limit: budget.memory },
            _ => Fault::Script { message, traceback },
        }
    }

    /// The fault for the flags with which the guest reported a failed load.
    #[cold]
    pub(crate) fn of_load(message: Option<String>, flags: u32, limit: Bytes) -> Fault {
        let message = message.unwrap_or_else(|| "the script did not load".to_owned());
        match flags {
            flags if flags & FLAG_STACK != 0 => Fault::Stack { message, traceback: None },
            flags if flags & FLAG_MEMORY != 0 => Fault::OutOfMemory { asked: PAGE, limit },
            flags if flags & (FLAG_SYNTAX | FLAG_NO_HANDLER) != 0 => Fault::Load { message, traceback: None },
            flags => Fault::host(format!("the interpreter answered a load with {flags}")),
        }
    }

    /// Converts to the fault of a load: an error that the script raises while it is loaded is a fault `load`.
    pub(crate) fn while_loading(self) -> Fault {
        match self {
            Fault::Script { message, traceback } => Fault::Load { message, traceback },
            fault => fault,
        }
    }

    /// Converts to the fault of a call: an error caused by something that Lua has elsewhere, but not here, gets a hint.
    pub(crate) fn with_hint(self) -> Fault {
        match self {
            Fault::Script { message, traceback } => {
                let hint = absent::hint(&message, "");
                let message = hint.map_or(message.clone(), |hint| format!("{message}; {hint}"));
                Fault::Script { message, traceback }
            }
            fault => fault,
        }
    }
}

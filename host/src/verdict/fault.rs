//! Why a call gave no answer, by cause.

use tenterhook_guest_lua::absent;
use tenterhook_policies::{Budget, Bytes, Deadline, FaultCause, Fuel, Millis, PAGE};
use thiserror::Error;
use wasmtime::Trap;

use crate::sandbox::Ended;

/// A call that failed. The list is closed: whatever a script does ends as one of these.
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
        /// What was asked for last.
        asked: Bytes,
        /// The budget.
        limit: Bytes,
    },
    /// A stack ran over: Lua's, the guest's or the host's share of the native one.
    #[error("stack overflow: {message}")]
    Stack {
        /// Which.
        message: String,
        /// Lua's traceback, where Lua could still make one.
        traceback: Option<String>,
    },
    /// The script raised an error that it did not catch.
    #[error("{message}")]
    Script {
        /// The error, as Lua words it: script, line, what.
        message: String,
        /// Lua's traceback.
        traceback: Option<String>,
    },
    /// The answer is not what the hook point declares.
    #[error("{path}: {reason}")]
    Answer {
        /// Where, from `result` on.
        path: String,
        /// What was expected and what was there.
        reason: String,
    },
    /// The script could not be loaded.
    #[error("{message}")]
    Load {
        /// Why: script, line, what.
        message: String,
        /// Lua's traceback, where the script failed while it ran.
        traceback: Option<String>,
    },
    /// The call took longer by the clock than its policy's deadline.
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
    /// The cause, as policies name it.
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

    /// Lua's traceback, where there is one.
    pub fn traceback(&self) -> Option<&str> {
        match self {
            Fault::Stack { traceback, .. } | Fault::Script { traceback, .. } | Fault::Load { traceback, .. } => {
                traceback.as_deref()
            }
            _ => None,
        }
    }
}

/// What the guest says of an error that it threw.
#[derive(Debug, Default)]
pub(crate) struct Said {
    pub message: Option<String>,
    pub traceback: Option<String>,
    /// A stack ran over.
    pub overflow: bool,
    /// Memory ran out, and the script might have caught that.
    pub memory: bool,
}

/// How guest code ended, before it is known what the host wanted of it.
#[derive(Debug)]
pub(crate) enum Ending {
    OutOfFuel { budget: Fuel },
    OutOfMemory { asked: Bytes, limit: Bytes },
    Stack { message: String, traceback: Option<String> },
    Script { message: String, traceback: Option<String> },
    Deadline { limit: Millis },
    Host { message: String },
}

/// Below this the guest's stack is as good as full; frames of its libraries are larger than this is.
const STACK_RED_ZONE: i32 = 4096;

impl Ending {
    /// Reads wasmtime's error, and what the imports noted before they made it.
    ///
    /// `said` is what the guest says of an error that it threw.
    pub fn of(
        error: &wasmtime::Error,
        ended: Option<Ended>,
        said: Option<Said>,
        stack_pointer: u32,
        refused: Option<usize>,
        budget: &Budget,
        deadline: Option<Millis>,
    ) -> Ending {
        if let Some(trap) = error.downcast_ref::<Trap>() {
            return match trap {
                Trap::Interrupt => Ending::Deadline { limit: deadline.unwrap_or(Deadline::MAX) },
                Trap::OutOfFuel => Ending::OutOfFuel { budget: budget.fuel },
                Trap::StackOverflow => {
                    Ending::Stack { message: "native stack exhausted by nested calls".to_owned(), traceback: None }
                }
                // The guest's stack lies at the bottom of its memory: running over it leaves memory.
                Trap::MemoryOutOfBounds if (stack_pointer as i32) < STACK_RED_ZONE => {
                    Ending::Stack { message: "the interpreter's stack is exhausted".to_owned(), traceback: None }
                }
                trap => Ending::Host { message: format!("the interpreter trapped: {trap}") },
            };
        }
        match ended {
            Some(Ended::Thrown) => {
                let Said { message, traceback, overflow, memory } = said.unwrap_or_default();
                let message = message.unwrap_or_else(|| "error without a message".to_owned());
                match (overflow, memory) {
                    (true, _) => Ending::Stack { message, traceback },
                    // Memory grows by pages: what did not fit was one.
                    (false, true) => Ending::OutOfMemory { asked: PAGE, limit: budget.memory },
                    (false, false) => Ending::Script { message, traceback },
                }
            }
            Some(Ended::OutOfMemory { asked }) => {
                // Small requests fail for want of a page, which says more.
                let asked = asked.max(refused.map_or(0, |_| 64 * 1024));
                Ending::OutOfMemory { asked: Bytes::new(asked), limit: budget.memory }
            }
            Some(Ended::OutOfFuel) => Ending::OutOfFuel { budget: budget.fuel },
            Some(Ended::HostCall(message)) => Ending::Host { message },
            Some(Ended::Deadline { limit }) => Ending::Deadline { limit },
            None => Ending::Host { message: format!("{error:#}") },
        }
    }

    /// The fault of a call; a script's error that comes of what Lua has elsewhere and not here says so.
    pub fn into_fault(self) -> Fault {
        match self.plain() {
            Fault::Script { message, traceback } => {
                let hint = absent::hint(&message, "");
                let message = hint.map_or(message.clone(), |hint| format!("{message}; {hint}"));
                Fault::Script { message, traceback }
            }
            fault => fault,
        }
    }

    fn plain(self) -> Fault {
        match self {
            Ending::OutOfFuel { budget } => Fault::OutOfFuel { budget },
            Ending::OutOfMemory { asked, limit } => Fault::OutOfMemory { asked, limit },
            Ending::Stack { message, traceback } => Fault::Stack { message, traceback },
            Ending::Script { message, traceback } => Fault::Script { message, traceback },
            Ending::Deadline { limit } => Fault::Deadline { limit },
            Ending::Host { message } => Fault::Host { message },
        }
    }

    /// The fault of a load: an error that the script raises while it is loaded is one.
    pub fn into_load_fault(self) -> Fault {
        match self.plain() {
            Fault::Script { message, traceback } => Fault::Load { message, traceback },
            fault => fault,
        }
    }
}

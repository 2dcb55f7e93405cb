//! Scripts' log lines, handed to the C program.

use std::ffi::{CString, c_char, c_void};

use tenterhook::{Level, LogLine, LogSink};

use crate::status::c_text;

/// How important a log line is.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_level {
    /// Of use to whoever debugs the script line by line.
    TH_LEVEL_TRACE = 0,
    /// Of use to whoever debugs the script.
    TH_LEVEL_DEBUG = 1,
    /// Worth a line.
    TH_LEVEL_INFO = 2,
    /// Worth a look.
    TH_LEVEL_NOTICE = 3,
    /// Something is off.
    TH_LEVEL_WARN = 4,
    /// Something is wrong.
    TH_LEVEL_ERROR = 5,
}

/// One line of a script's log. The texts are good until the callback returns.
#[repr(C)]
pub struct th_log_line {
    /// How important it is.
    pub level: th_level,
    /// The tenant.
    pub tenant: *const c_char,
    /// The attachment's name.
    pub attachment: *const c_char,
    /// The script's name.
    pub script: *const c_char,
    /// Line of the script; 0 where it is not known.
    pub line: u32,
    /// The text, control characters escaped.
    pub message: *const c_char,
}

/// Takes scripts' log lines. Called on the thread that invokes, during the call: it must not invoke, free the host or
/// take long, and must not jump out (longjmp, C++ exceptions).
///
/// # Safety
/// Called with the context that was handed over, and a line that lives until it returns.
pub type th_log_fn = Option<unsafe extern "C" fn(context: *mut c_void, line: *const th_log_line)>;

/// A callback with what it is called with.
pub(crate) struct CallbackSink {
    /// # Safety
    /// As `th_log_fn`.
    pub callback: unsafe extern "C" fn(*mut c_void, *const th_log_line),
    pub context: *mut c_void,
}

// SAFETY: the host's options say that the callback is called on any thread that invokes, with this context; that both
// bear it is the C program's promise.
unsafe impl Send for CallbackSink {}
// SAFETY: as above.
unsafe impl Sync for CallbackSink {}

impl LogSink for CallbackSink {
    fn line(&self, line: &LogLine<'_>) {
        let [tenant, attachment, script, message] =
            [line.tenant, line.attachment, line.script, line.message].map(c_text);
        let text = |text: &CString| text.as_ptr();
        let line = th_log_line {
            level: level(line.level),
            tenant: text(&tenant),
            attachment: text(&attachment),
            script: text(&script),
            line: line.line.unwrap_or(0),
            message: text(&message),
        };
        // SAFETY: the callback and its context are the C program's, which promised that they can be called so.
        unsafe { (self.callback)(self.context, &line) };
    }
}

fn level(of: Level) -> th_level {
    match of {
        Level::Trace => th_level::TH_LEVEL_TRACE,
        Level::Debug => th_level::TH_LEVEL_DEBUG,
        Level::Info => th_level::TH_LEVEL_INFO,
        Level::Notice => th_level::TH_LEVEL_NOTICE,
        Level::Warn => th_level::TH_LEVEL_WARN,
        Level::Error => th_level::TH_LEVEL_ERROR,
    }
}

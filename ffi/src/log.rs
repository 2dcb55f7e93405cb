//! Scripts' log lines, passed to the C program.

use std::ffi::{CString, c_char, c_void};

use tenterhook::{Level, LogLine, LogSink};

use crate::status::c_text;

/// The severity of a log line.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_level {
    /// For debugging the script line by line.
    TH_LEVEL_TRACE = 0,
    /// For debugging the script.
    TH_LEVEL_DEBUG = 1,
    /// Normal information.
    TH_LEVEL_INFO = 2,
    /// Something significant.
    TH_LEVEL_NOTICE = 3,
    /// Something unexpected.
    TH_LEVEL_WARN = 4,
    /// An error.
    TH_LEVEL_ERROR = 5,
}

/// One line of a script's log. The texts are valid until the callback returns.
#[repr(C)]
pub struct th_log_line {
    /// Its severity.
    pub level: th_level,
    /// The tenant.
    pub tenant: *const c_char,
    /// The attachment's name.
    pub attachment: *const c_char,
    /// The script's name.
    pub script: *const c_char,
    /// Line of the script; 0 if it is not known.
    pub line: u32,
    /// The text, control characters escaped.
    pub message: *const c_char,
}

/// Receives scripts' log lines. It is called on the thread that invokes, during the call: it must not invoke, free the
/// host or take long, and must not jump out (longjmp, C++ exceptions).
///
/// # Safety
/// Called with the context that was passed, and a line that lives until it returns.
pub type th_log_fn = Option<unsafe extern "C" fn(context: *mut c_void, line: *const th_log_line)>;

/// A callback and its context.
pub(crate) struct CallbackSink {
    /// # Safety
    /// As `th_log_fn`.
    pub callback: unsafe extern "C" fn(*mut c_void, *const th_log_line),
    pub context: *mut c_void,
}

// SAFETY: the host's options require a callback that can be called on any thread that invokes, with this context; the C
// program promises that both allow this.
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
        // SAFETY: the callback and its context belong to the C program, which promised that they can be called like
        // this.
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

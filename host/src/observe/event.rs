//! One event.

use std::sync::Arc;
use std::time::SystemTime;

use tenterhook_policies::{DenialCause, FaultCause};

use super::level::Level;
use crate::id::AttachmentId;

/// The attachment that an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The tenant.
    pub tenant: Arc<str>,
    /// The attachment's name.
    pub attachment: Arc<str>,
    /// The hook point.
    pub hook: Arc<str>,
    /// The attachment's id, if it is loaded.
    pub id: Option<AttachmentId>,
}

/// One event of a host.
#[derive(Debug, Clone)]
pub struct Event {
    /// Ascending from 1; assigned when the event is emitted.
    pub seq: u64,
    /// When.
    pub time: SystemTime,
    /// The host's revision after it, if it changed something.
    pub revision: Option<u64>,
    /// The attachment that it is about, if there is one.
    pub subject: Option<Subject>,
    /// The user who caused it, such as `uid 1000`, if there is one.
    pub by: Option<Arc<str>>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum EventKind {
    /// A script was attached.
    Attached {
        /// Its order.
        order: i32,
    },
    /// Its script was replaced.
    Replaced,
    /// It was detached.
    Detached,
    /// It was enabled.
    Enabled,
    /// It was disabled.
    Disabled,
    /// It was moved within its chain.
    Reordered {
        /// The new order.
        order: i32,
    },
    /// Another policy is in force.
    Policy {
        /// Its file.
        file: Arc<str>,
    },
    /// A file of the folder cannot be attached; it stays as it is.
    Broken {
        /// Its path relative to the folder.
        file: Arc<str>,
        /// What is wrong with it.
        message: Arc<str>,
    },
    /// A broken file was removed from the folder.
    Discarded {
        /// Its path relative to the folder.
        file: Arc<str>,
    },
    /// A required attachment is missing: every invocation gives the closed result.
    Closed {
        /// What is missing.
        message: Arc<str>,
    },
    /// All required attachments are there again.
    Opened,
    /// A request was rejected.
    Refused {
        /// The request and the reason.
        message: Arc<str>,
    },
    /// The attachment was taken out of its chain.
    Quarantined {
        /// The cause, such as `8 faults (fuel) in a row`.
        cause: Arc<str>,
        /// When it is probed; `None`: only when an operator lifts it.
        until: Option<SystemTime>,
    },
    /// One call probes it.
    Probing,
    /// The probes succeeded: it is in its chain again.
    LeftQuarantine,
    /// An operator put it back into its chain.
    Lifted,
    /// A change is in force and could not be saved in the folder; the save is retried.
    Unsaved {
        /// The change, such as `detached`.
        change: Arc<str>,
        /// The reason.
        message: Arc<str>,
    },
    /// Such a change was saved after all.
    Saved {
        /// The change, such as `detached`.
        change: Arc<str>,
    },
    /// A call failed. At most ten a second per attachment are reported.
    Fault {
        /// The cause.
        cause: FaultCause,
        /// The message of the script or the host.
        message: Arc<str>,
        /// Lua's traceback.
        traceback: Option<Arc<str>>,
        /// Faults of this attachment since the last one that was reported.
        suppressed: u64,
    },
    /// The policy denied a call. At most ten a second per attachment are reported.
    Denied {
        /// The cause.
        cause: DenialCause,
        /// Denials of this attachment since the last one that was reported.
        suppressed: u64,
    },
    /// A script logged a line.
    Log {
        /// Its severity.
        level: Level,
        /// The script.
        script: Arc<str>,
        /// Its line, if it is known.
        line: Option<u32>,
        /// The text, control characters escaped.
        message: Arc<str>,
    },
    /// A sampled call.
    Call {
        /// The arguments, as the text of a JSON object.
        arguments: Arc<str>,
        /// The answer, likewise; `None` if the call failed.
        answer: Option<Arc<str>>,
        /// Fuel that it used.
        fuel: u64,
        /// Its latency in nanoseconds.
        latency_ns: u64,
    },
}

impl EventKind {
    /// The kind, by its name in streams.
    pub fn name(&self) -> &'static str {
        match self {
            EventKind::Attached { .. } => "attached",
            EventKind::Replaced => "replaced",
            EventKind::Detached => "detached",
            EventKind::Enabled => "enabled",
            EventKind::Disabled => "disabled",
            EventKind::Reordered { .. } => "reordered",
            EventKind::Policy { .. } => "policy",
            EventKind::Broken { .. } => "broken",
            EventKind::Discarded { .. } => "discarded",
            EventKind::Closed { .. } => "closed",
            EventKind::Opened => "opened",
            EventKind::Refused { .. } => "refused",
            EventKind::Quarantined { .. } => "quarantined",
            EventKind::Probing => "probing",
            EventKind::LeftQuarantine => "left_quarantine",
            EventKind::Lifted => "lifted",
            EventKind::Unsaved { .. } => "unsaved",
            EventKind::Saved { .. } => "saved",
            EventKind::Fault { .. } => "fault",
            EventKind::Denied { .. } => "denied",
            EventKind::Log { .. } => "log",
            EventKind::Call { .. } => "call",
        }
    }

    /// The names of all kinds.
    pub const NAMES: [&'static str; 22] = [
        "attached",
        "replaced",
        "detached",
        "enabled",
        "disabled",
        "reordered",
        "policy",
        "broken",
        "discarded",
        "closed",
        "opened",
        "refused",
        "quarantined",
        "probing",
        "left_quarantine",
        "lifted",
        "unsaved",
        "saved",
        "fault",
        "denied",
        "log",
        "call",
    ];

    /// The lane in which it is queued for readers.
    pub(crate) fn lane(&self) -> LaneKind {
        match self {
            EventKind::Fault { .. } | EventKind::Denied { .. } | EventKind::Log { .. } | EventKind::Call { .. } => {
                LaneKind::Live
            }
            EventKind::Refused { .. }
            | EventKind::Quarantined { .. }
            | EventKind::Probing
            | EventKind::LeftQuarantine => LaneKind::Incidents,
            EventKind::Attached { .. }
            | EventKind::Replaced
            | EventKind::Detached
            | EventKind::Enabled
            | EventKind::Disabled
            | EventKind::Reordered { .. }
            | EventKind::Policy { .. }
            | EventKind::Broken { .. }
            | EventKind::Unsaved { .. }
            | EventKind::Saved { .. }
            | EventKind::Discarded { .. }
            | EventKind::Closed { .. }
            | EventKind::Opened
            | EventKind::Lifted => LaneKind::Changes,
        }
    }
}

/// A group of events that are queued together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaneKind {
    /// Changes that a user or the program made.
    Changes,
    /// Incidents, which happen as often as others cause them.
    Incidents,
    /// What the call path reports, many times a second.
    Live,
}

impl Event {
    /// An event that happened now.
    pub fn new(kind: EventKind) -> Event {
        Event { seq: 0, time: SystemTime::now(), revision: None, subject: None, by: None, kind }
    }

    /// Sets the attachment that it is about.
    pub fn about(mut self, subject: Subject) -> Event {
        self.subject = Some(subject);
        self
    }

    /// Sets the host's revision after it.
    pub fn at(mut self, revision: u64) -> Event {
        self.revision = Some(revision);
        self
    }

    /// Sets the user who caused it.
    pub fn by(mut self, who: Option<&str>) -> Event {
        self.by = who.map(Arc::from);
        self
    }
}

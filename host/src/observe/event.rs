//! One thing that happened.

use std::sync::Arc;
use std::time::SystemTime;

use tenterhook_policies::{DenialCause, FaultCause};

use super::level::Level;
use crate::id::AttachmentId;

/// Which attachment an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The tenant.
    pub tenant: Arc<str>,
    /// The attachment's name.
    pub attachment: Arc<str>,
    /// The hook point.
    pub hook: Arc<str>,
    /// The attachment's id, where it is loaded.
    pub id: Option<AttachmentId>,
}

/// One thing that happened in a host.
#[derive(Debug, Clone)]
pub struct Event {
    /// Ascending from 1; given when the event is emitted.
    pub seq: u64,
    /// When.
    pub time: SystemTime,
    /// The host's revision after it, where it changed something.
    pub revision: Option<u64>,
    /// Which attachment it is about, if it is about one.
    pub subject: Option<Subject>,
    /// Who did it, such as `uid 1000`, where somebody did.
    pub by: Option<Arc<str>>,
    /// What.
    pub kind: EventKind,
}

/// What happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum EventKind {
    /// A script was attached.
    Attached {
        /// Its place.
        order: i32,
    },
    /// Another script is in its place.
    Replaced,
    /// It is gone.
    Detached,
    /// Calls reach it again.
    Enabled,
    /// Calls do not reach it.
    Disabled,
    /// It has another place in its chain.
    Reordered {
        /// The new place.
        order: i32,
    },
    /// Another policy is in force.
    Policy {
        /// Its file.
        file: Arc<str>,
    },
    /// A file of the folder cannot be attached; it stays where it is.
    Broken {
        /// Its path within the folder.
        file: Arc<str>,
        /// What is wrong with it.
        message: Arc<str>,
    },
    /// Somebody removed a broken file from the folder.
    Discarded {
        /// Its path within the folder.
        file: Arc<str>,
    },
    /// An attachment that the hook point requires is missing: every invocation gives the closed result.
    Closed {
        /// Who is missing.
        message: Arc<str>,
    },
    /// Whatever the hook point requires is there again.
    Opened,
    /// Somebody was refused.
    Refused {
        /// What they wanted and why not.
        message: Arc<str>,
    },
    /// The attachment was taken out of its chain.
    Quarantined {
        /// Why, such as `8 faults (fuel) in a row`.
        cause: Arc<str>,
        /// When it is tried again; `None`: not by itself.
        until: Option<SystemTime>,
    },
    /// One call of it is tried.
    Probing,
    /// The try went well: it is in its chain again.
    LeftQuarantine,
    /// Somebody let it into its chain again.
    Lifted,
    /// A change is in force and cannot be kept in the folder; it is tried again until it can.
    Unsaved {
        /// Such as `detached`.
        change: Arc<str>,
        /// Why not.
        message: Arc<str>,
    },
    /// Such a change is kept after all.
    Saved {
        /// Such as `detached`.
        change: Arc<str>,
    },
    /// A call failed. At most ten a second per attachment are told.
    Fault {
        /// By cause.
        cause: FaultCause,
        /// What the script or the host says.
        message: Arc<str>,
        /// Lua's traceback.
        traceback: Option<Arc<str>>,
        /// Faults of this attachment since the last one that was told.
        suppressed: u64,
    },
    /// The policy refused a call. At most ten a second per attachment are told.
    Denied {
        /// By cause.
        cause: DenialCause,
        /// Denials of this attachment since the last one that was told.
        suppressed: u64,
    },
    /// A script wrote a line.
    Log {
        /// How important it is.
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
        /// What it was given, as the text of a JSON object.
        arguments: Arc<str>,
        /// What it answered, likewise; `None` where it failed.
        answer: Option<Arc<str>>,
        /// Fuel it used.
        fuel: u64,
        /// Nanoseconds it took.
        latency_ns: u64,
    },
}

impl EventKind {
    /// The kind, as streams name it.
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

    /// Every kind's name.
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

    /// Where it waits for readers.
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

/// What events have in common that wait together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LaneKind {
    /// What somebody did.
    Changes,
    /// What happened to somebody, as often as others make it happen.
    Incidents,
    /// What the call path tells, many times a second.
    Live,
}

impl Event {
    /// Something that happened now.
    pub fn new(kind: EventKind) -> Event {
        Event { seq: 0, time: SystemTime::now(), revision: None, subject: None, by: None, kind }
    }

    /// It is about that attachment.
    pub fn about(mut self, subject: Subject) -> Event {
        self.subject = Some(subject);
        self
    }

    /// It brought the host to that revision.
    pub fn at(mut self, revision: u64) -> Event {
        self.revision = Some(revision);
        self
    }

    /// Somebody did it.
    pub fn by(mut self, who: Option<&str>) -> Event {
        self.by = who.map(Arc::from);
        self
    }
}

//! What a program answers, as far as this command shows it. Keys that it does not know are passed over.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::text;

/// An attachment.
#[derive(Debug, Clone, Deserialize)]
pub struct Attachment {
    pub id: u64,
    pub tenant: String,
    pub name: String,
    pub hook: String,
    pub script: String,
    #[serde(default)]
    pub modules: Vec<String>,
    pub order: i64,
    /// Place in the chain, from 1.
    pub position: u64,
    pub enabled: bool,
    /// Whether operators attached it; `false`: the program did.
    pub managed: bool,
    pub state: String,
    pub revision: u64,
    pub changed: String,
    /// Who changed it last; nobody: the program.
    #[serde(default)]
    pub by: Option<String>,
    pub sha256: String,
    pub image_bytes: u64,
    pub memory_bytes: u64,
    pub quarantine: Option<Quarantine>,
}

/// Why an attachment is kept out of its chain.
#[derive(Debug, Clone, Deserialize)]
pub struct Quarantine {
    pub state: String,
    pub cause: String,
    pub since: String,
    pub until: Option<String>,
}

/// What is attached.
#[derive(Debug, Deserialize)]
pub struct Attachments {
    pub attachments: Vec<Attachment>,
    #[serde(default)]
    pub broken: Vec<Broken>,
    #[serde(default)]
    pub unsaved: Vec<Unsaved>,
}

/// A change that is in force and not in the program's folder yet.
#[derive(Debug, Deserialize)]
pub struct Unsaved {
    pub tenant: String,
    pub name: String,
    pub change: String,
    pub reason: String,
}

/// In a line each: what a restart would take back.
impl fmt::Display for Unsaved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Unsaved { tenant, name, change, reason } = self;
        write!(f, "not kept: {tenant}/{name}, {}: {}; {TAKEN_BACK}", text::plain(change), text::plain(reason))
    }
}

/// What becomes of a change that is not kept.
pub const TAKEN_BACK: &str = "a restart takes the change back until the program can keep it, which it tries again";

/// A file that is no attachment.
#[derive(Debug, Deserialize)]
pub struct Broken {
    pub file: String,
    pub reason: String,
}

/// Statistics at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct AllStats {
    pub time: String,
    pub monotonic_ns: u64,
    pub attachments: Vec<Stats>,
}

/// One attachment's statistics since it was attached.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Stats {
    pub id: u64,
    pub tenant: String,
    pub name: String,
    pub hook: String,
    /// Since when these are counted.
    #[serde(default)]
    pub since: String,
    pub calls: u64,
    #[serde(default)]
    pub results: BTreeMap<String, u64>,
    #[serde(default)]
    pub changed: u64,
    #[serde(default)]
    pub faults: BTreeMap<String, u64>,
    #[serde(default)]
    pub denials: BTreeMap<String, u64>,
    pub fuel: Distribution,
    pub latency_ns: Distribution,
    pub memory_peak_bytes: u64,
    #[serde(default)]
    pub log_lines: u64,
    #[serde(default)]
    pub log_lines_dropped: u64,
    pub last_fault: Option<LastFault>,
}

/// One quantity over all calls.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
pub struct Distribution {
    pub count: u64,
    pub total: u64,
    pub p50: u64,
    pub p90: u64,
    pub p99: u64,
    pub max: u64,
}

/// The last fault.
#[derive(Debug, Clone, Deserialize)]
pub struct LastFault {
    pub time: String,
    pub cause: String,
    pub message: String,
    pub traceback: Option<String>,
}

impl Stats {
    /// Of every cause.
    pub fn fault_count(&self) -> u64 {
        self.faults.values().sum()
    }

    /// Of every cause.
    pub fn denial_count(&self) -> u64 {
        self.denials.values().sum()
    }
}

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
    #[serde(default)]
    pub protection: Vec<Protection>,
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
        write!(f, "not saved: {tenant}/{name}, {}: {}; {TAKEN_BACK}", text::plain(change), text::plain(reason))
    }
}

/// What becomes of a change that is not kept.
pub const TAKEN_BACK: &str =
    "a restart reverts the change unless the program can save it before then; it keeps retrying";

/// What protects a hook point that requires attachments.
#[derive(Debug, Clone, Deserialize)]
pub struct Protection {
    pub hook: String,
    /// Whether one of them is missing.
    pub closed: bool,
    pub required: Vec<Required>,
    /// The closed result.
    pub result: serde_json::Value,
    /// Invocations that came to it.
    pub invocations: u64,
}

/// An attachment that a hook point requires.
#[derive(Debug, Clone, Deserialize)]
pub struct Required {
    /// `tenant/name`
    pub attachment: String,
    pub status: String,
}

impl Protection {
    /// In a line: `demo.admit is closed: acme/limit is missing; every invocation gives {"verdict":"REFUSE"}, 17 so
    /// far`.
    pub fn line(&self) -> String {
        let list = |wanted: &dyn Fn(&Required) -> bool| {
            let all = self.required.iter().filter(|required| wanted(required));
            let all = all.map(|required| match required.status.as_str() {
                "enabled" => required.attachment.clone(),
                status => format!("{} is {status}", required.attachment),
            });
            text::plain(&all.collect::<Vec<_>>().join(", "))
        };
        let (hook, result) = (text::plain(&self.hook), text::plain(&self.result.to_string()));
        let invocations = text::grouped(self.invocations);
        if self.closed {
            let missing = list(&|required| required.status != "enabled");
            // Those of tenants that one may not see are not told.
            let missing = if missing.is_empty() { "a required attachment is missing".to_owned() } else { missing };
            return format!("{hook} is closed: {missing}; every invocation gives {result}, {invocations} so far");
        }
        format!("{hook} requires {}; {invocations} invocations gave {result}", list(&|_| true))
    }
}

/// A file that could not be attached.
#[derive(Debug, Clone, Deserialize)]
pub struct Broken {
    pub tenant: String,
    /// `None` for what is no attachment's file.
    pub name: Option<String>,
    pub file: String,
    pub reason: String,
    pub hook: Option<String>,
    pub script: Option<String>,
    pub order: Option<i64>,
    /// The place in the chain that is kept for it, from 1.
    pub position: Option<u64>,
    pub revision: u64,
}

impl Broken {
    /// `acme/limit`, or the file where it is no attachment's.
    pub fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{}/{name}", self.tenant),
            None => self.file.clone(),
        }
    }
}

/// Statistics at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct AllStats {
    pub time: String,
    pub monotonic_ns: u64,
    pub attachments: Vec<Stats>,
    #[serde(default)]
    pub protection: Vec<Protection>,
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

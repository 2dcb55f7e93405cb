//! A host to test on.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tenterhook::hooks::value::Value;
use tenterhook::policies::{Policy, Rules};
use tenterhook::{Capability, DynamicHook, Host, HostBuilder, LogSink, SandboxOptions};
pub use tenterhook_cli::survive::{Lines, Probe};
use tenterhook_cli::untimed;

use crate::points;

/// A host with every hook point declared.
pub struct Bench {
    /// The host.
    pub host: Host,
    /// What its scripts log.
    pub lines: Arc<Lines>,
    hooks: BTreeMap<String, DynamicHook>,
}

impl Bench {
    /// Sets one up: the preset `default` without rates and quarantine, few executors, the compiled interpreter from the build's own cache.
    pub fn new() -> Bench {
        Bench::with(|builder| builder)
    }

    /// The same, with changes.
    pub fn with(change: impl FnOnce(HostBuilder) -> HostBuilder) -> Bench {
        let lines = Arc::new(Lines::default());
        let probe = Arc::new(Probe::default());
        let options = SandboxOptions { max_executors: 64, cache: Some(cache()), ..SandboxOptions::default() };
        let builder = Host::builder()
            .policy(untimed::policy())
            .sandbox(options)
            .threads(16)
            .log_sink(Arc::clone(&lines) as Arc<dyn LogSink>)
            .capability(Arc::clone(&probe) as Arc<dyn Capability>);
        let host = change(builder).build().unwrap();
        let declare =
            |of| (host.declare_dynamic(of).unwrap().declaration().name.clone(), host.declare_dynamic(of).unwrap());
        let hooks: BTreeMap<String, DynamicHook> = points::all().iter().map(declare).collect();
        probe.nest(hooks["test.observe"].clone(), vec![Value::Integer(1)]);
        Bench { host, lines, hooks }
    }

    /// The hook point of that name, if there is one.
    pub fn hook(&self, name: &str) -> Option<&DynamicHook> {
        self.hooks.get(name)
    }
}

impl Default for Bench {
    fn default() -> Bench {
        Bench::new()
    }
}

/// Where the compiled interpreter is kept: beside the other products of this build, so that tests start quickly and
/// touch nothing of the user's.
pub fn cache() -> PathBuf {
    let target = std::env::current_exe().ok().and_then(|exe| exe.ancestors().nth(2).map(|dir| dir.join("guest-cache")));
    target.unwrap_or_else(|| std::env::temp_dir().join("tenterhook-test-cache"))
}

/// A name for an attachment that no other has.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The rules that a policy of these lines gives `tenant` at `hook`.
///
/// # Panics
/// A policy that is not one: the test is wrong.
pub fn rules(policy: &str, tenant: &str, hook: &str) -> Rules {
    // Without what counts over time, unless the lines say so.
    let text = match policy.split_once("[defaults]\n") {
        _ if policy.contains("preset = ") => policy.to_owned(),
        None => format!("{policy}\n[defaults]\n{}", untimed::defaults("")),
        Some((before, after)) => {
            let (section, rest) = after.split_at(after.find("\n[").map_or(after.len(), |at| at + 1));
            format!("{before}[defaults]\n{}{rest}", untimed::defaults(section))
        }
    };
    let policy = Policy::parse(&text, "test.toml").unwrap_or_else(|error| panic!("{error}"));
    policy.resolve(tenant, hook).unwrap_or_else(|error| panic!("{error}"))
}

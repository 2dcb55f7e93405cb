//! A host to test on.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tenterhook::policies::{Policy, Rules};
use tenterhook::{
    Argument, CallError, Caller, Capability, DynamicHook, Host, HostBuilder, LogLine, LogSink, Reply, SandboxOptions,
};

use crate::points;

/// Keeps scripts' log lines by attachment, as `level@line text`.
#[derive(Debug, Default)]
pub struct Lines(Mutex<BTreeMap<String, Vec<String>>>);

impl Lines {
    /// Takes the lines of an attachment.
    pub fn take(&self, attachment: &str) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(attachment).unwrap_or_default()
    }
}

impl LogSink for Lines {
    fn line(&self, line: &LogLine<'_>) {
        let at = line.line.map_or_else(|| "?".to_owned(), |line| line.to_string());
        let text = format!("{}@{at} {}", line.level, line.message);
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.entry(line.attachment.to_owned()).or_default().push(text);
    }
}

/// A capability that does what it is told: `probe.echo(x)`, `probe.refuse(why)`, `probe.fail(why)`, `probe.panic()`,
/// `probe.long(bytes)`, `probe.nest()`.
#[derive(Default)]
pub struct Probe {
    /// What `probe.nest()` fires.
    nested: OnceLock<DynamicHook>,
}

impl Capability for Probe {
    fn library(&self) -> &str {
        "probe"
    }

    fn functions(&self) -> &[&str] {
        &["echo", "refuse", "fail", "panic", "long", "nest"]
    }

    fn call(&self, function: usize, arguments: &[Argument<'_>], _: &mut Caller<'_>) -> Result<Reply, CallError> {
        let text = match arguments.first() {
            Some(Argument::String(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        match self.functions()[function] {
            "echo" => Ok(match arguments.first() {
                None | Some(Argument::Nil) => Reply::Nothing,
                Some(Argument::Boolean(v)) => Reply::Boolean(*v),
                Some(Argument::Integer(v)) => Reply::Integer(*v),
                Some(Argument::Float(v)) => Reply::Float(*v),
                Some(Argument::String(bytes)) => Reply::String(bytes.to_vec()),
                Some(Argument::Address(v)) => Reply::String(v.to_string().into_bytes()),
                Some(Argument::Prefix(v)) => Reply::String(v.to_string().into_bytes()),
                Some(Argument::Other) => Reply::String(b"other".to_vec()),
                Some(Argument::TooLarge) => Reply::String(b"too large".to_vec()),
            }),
            "refuse" => Err(CallError::Refused(text)),
            "fail" => Err(CallError::Failed(text)),
            // As `panic!`, but nothing is printed.
            "panic" => std::panic::resume_unwind(Box::new("told to")),
            "long" => match arguments.first() {
                Some(Argument::Integer(bytes)) => Ok(Reply::String(vec![b'x'; usize::try_from(*bytes).unwrap_or(0)])),
                _ => Err(CallError::Refused("expected how many bytes".into())),
            },
            _ => {
                let Some(hook) = self.nested.get() else { return Err(CallError::Failed("nothing to fire".into())) };
                let outcome = hook.invoke(&[tenterhook::hooks::value::Value::Integer(1)], &mut ());
                match outcome.failures.first() {
                    Some(failure) => Err(CallError::Refused(format!("{:?}", failure.kind))),
                    None => Ok(Reply::Nothing),
                }
            }
        }
    }
}

/// A host with every hook point declared.
pub struct Bench {
    /// The host.
    pub host: Host,
    /// What its scripts log.
    pub lines: Arc<Lines>,
    hooks: BTreeMap<String, DynamicHook>,
}

impl Bench {
    /// Sets one up: the preset `default`, few executors, the compiled interpreter from the build's own cache.
    pub fn new() -> Bench {
        Bench::with(|builder| builder)
    }

    /// The same, with changes.
    pub fn with(change: impl FnOnce(HostBuilder) -> HostBuilder) -> Bench {
        let lines = Arc::new(Lines::default());
        let probe = Arc::new(Probe::default());
        let options = SandboxOptions { max_executors: 64, cache: Some(cache()), ..SandboxOptions::default() };
        let builder = Host::builder()
            .sandbox(options)
            .threads(16)
            .log_sink(Arc::clone(&lines) as Arc<dyn LogSink>)
            .capability(Arc::clone(&probe) as Arc<dyn Capability>);
        let host = change(builder).build().unwrap();
        let declare =
            |of| (host.declare_dynamic(of).unwrap().declaration().name.clone(), host.declare_dynamic(of).unwrap());
        let hooks: BTreeMap<String, DynamicHook> = points::all().iter().map(declare).collect();
        let _ = probe.nested.set(hooks["test.observe"].clone());
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
    let policy = Policy::parse(policy, "test.toml").unwrap_or_else(|error| panic!("{error}\n{policy}"));
    policy.resolve(tenant, hook).unwrap_or_else(|error| panic!("{error}"))
}

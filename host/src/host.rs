//! The host: hook points, attachments, and the sandbox that they share.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};
use tenterhook_hooks::HookPoint;
use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{Policy, Preset};
use tenterhook_sandbox::{CacheError, Sandbox, SandboxOptions, StartError};
use thiserror::Error;

use crate::admit::{Executors, Shares, Tenants};
use crate::attach::{Inner, Requirement, Slot};
use crate::capability::{Capability, Log, LogSink, TracingSink};
use crate::invoke::{DynamicHook, Hook};
use crate::observe::{AttachmentStats, Event, EventKind, EventReader, Events};
use crate::rate::{Clock, Monotonic};
use crate::verdict::{Fitting, PolicyRefused, fits};

/// Hook points, their attachments, and the sandbox that they share. It is cheap to clone; several threads may use it at
/// once.
#[derive(Clone)]
pub struct Host {
    pub(crate) inner: Arc<Inner>,
}

/// A hook point that cannot be declared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("hook point {name} is already declared with another schema:\n{}", difference.join("\n"))]
pub struct DeclaredTwice {
    /// Its name.
    pub name: String,
    /// The differences between the two schemas, one line each.
    pub difference: Vec<String>,
}

/// Why a hook point was not declared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeclareError {
    /// It is already declared with another schema.
    #[error(transparent)]
    Twice(#[from] DeclaredTwice),
    /// The host's policy turns failures into something that the hook point forbids.
    #[error(transparent)]
    Policy(#[from] PolicyRefused),
}

/// Why a host could not be created.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// The engine rejected its configuration, or could not reserve its address space.
    #[error("cannot set up the engine: {0}")]
    Engine(String),
    /// The policy does not fit the host.
    #[error(transparent)]
    Policy(#[from] PolicyRefused),
    /// The interpreter did not compile or start.
    #[error("cannot start the interpreter: {0}")]
    Interpreter(String),
}

impl From<StartError> for SandboxError {
    fn from(error: StartError) -> SandboxError {
        match error {
            StartError::Engine(reason) => SandboxError::Engine(reason),
            StartError::Interpreter(reason) => SandboxError::Interpreter(reason),
        }
    }
}

/// Sets up a [`Host`].
#[must_use]
pub struct HostBuilder {
    options: SandboxOptions,
    /// The interpreter's module.
    guest: Cow<'static, [u8]>,
    policy: Policy,
    sink: Arc<dyn LogSink>,
    capabilities: Vec<Arc<dyn Capability>>,
    threads: usize,
    statistics: bool,
    clock: Arc<dyn Clock>,
}

impl HostBuilder {
    /// Sets the policy; the default is the preset `default`.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets how much the sandbox may take from its host.
    pub fn sandbox(mut self, options: SandboxOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets the folder in which the compiled interpreter is stored between runs; `None`: none.
    pub fn cache(mut self, directory: Option<PathBuf>) -> Self {
        self.options.cache = directory;
        self
    }

    /// Sets the receiver of scripts' log lines; the default is `tracing`.
    pub fn log_sink(mut self, sink: Arc<dyn LogSink>) -> Self {
        self.sink = sink;
        self
    }

    /// Sets whether policies may set wall-clock deadlines, in addition to fuel; the default is false. If so, compiled
    /// code is a few percent slower, whether they do or not, and a thread counts milliseconds once the first attachment
    /// has a deadline.
    pub fn deadlines(mut self, deadlines: bool) -> Self {
        self.options.deadlines = deadlines;
        self
    }

    /// Adds a capability beside the log.
    pub fn capability(mut self, capability: Arc<dyn Capability>) -> Self {
        self.capabilities.push(capability);
        self
    }

    /// Sets the clock for rates and quarantine; the default is the system's monotonic clock. For tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the most threads in a call at once, per pool of executors; further calls are denied as busy, except those
    /// that find a reserved shelf of their tenant (`reserved_calls` of the policy). The default is 64. With as many as
    /// the program has threads that invoke, no call is ever denied as busy.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Sets whether calls are counted (see [`Host::stats`]); the default is true. It exists to measure what counting
    /// costs.
    pub fn statistics(mut self, counted: bool) -> Self {
        self.statistics = counted;
        self
    }

    /// Sets another module in place of the interpreter; tests use hostile ones. Use a separate cache, or none.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn guest(mut self, wasm: Vec<u8>) -> Self {
        self.guest = Cow::Owned(wasm);
        self
    }

    /// Creates the host. This compiles the interpreter, or takes it from the cache; a warning is logged if the cache
    /// could not be used.
    ///
    /// # Errors
    /// An engine that cannot be set up on this machine; a policy with a deadline, on a host without deadlines.
    pub fn build(self) -> Result<Host, SandboxError> {
        let shares = Shares::new(self.options.max_executors, self.threads);
        fits(&self.policy, [], shares.fitting(self.options.deadlines))?;
        let (sandbox, problem) = Sandbox::with_guest(&self.options, &self.guest)?;
        self.with(sandbox, problem)
    }

    fn with(self, sandbox: Sandbox, problem: Option<CacheError>) -> Result<Host, SandboxError> {
        if let Some(problem) = problem {
            tracing::warn!(target: "tenterhook::sandbox", "cache: {problem}");
        }
        let executors = Executors::new(sandbox, &self.options, self.threads);
        let kept = executors.shares.kept(&self.policy);
        let events = Arc::new(Events::new());
        let log = Log::new(self.sink, Arc::clone(&events));
        let mut capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(log)];
        capabilities.extend(self.capabilities);
        let inner = Inner {
            hooks: RwLock::new(BTreeMap::new()),
            policy: ArcSwap::from_pointee(self.policy),
            capabilities,
            executors,
            tenants: Tenants::new(self.clock, kept),
            control: Mutex::new(HashMap::new()),
            revision: AtomicU64::new(0),
            statistics: self.statistics,
            events,
        };
        Ok(Host { inner: Arc::new(inner) })
    }
}

impl Host {
    /// Starts building a host.
    pub fn builder() -> HostBuilder {
        HostBuilder {
            options: SandboxOptions::default(),
            guest: Cow::Borrowed(tenterhook_guest_lua::WASM),
            policy: Policy::preset(Preset::Default),
            sink: Arc::new(TracingSink),
            capabilities: Vec::new(),
            threads: 64,
            statistics: true,
            clock: Arc::new(Monotonic::new()),
        }
    }

    /// Declares a hook point; a repeated declaration returns the same hook point.
    ///
    /// # Errors
    /// A hook point of that name with another schema; dispositions of the host's policy that the hook point forbids.
    pub fn declare<P: HookPoint>(&self) -> Result<Hook<P>, DeclareError> {
        Ok(Hook::new(Arc::clone(&self.inner), self.inner.declare(P::declaration())?))
    }

    /// Declares a hook point whose types are known only at run time; a repeated declaration returns the same hook
    /// point.
    ///
    /// # Errors
    /// As [`Host::declare`].
    pub fn declare_dynamic(&self, declaration: &Arc<Declaration>) -> Result<DynamicHook, DeclareError> {
        Ok(DynamicHook::new(Arc::clone(&self.inner), self.inner.declare(declaration)?))
    }

    /// The hook points declared so far, by name.
    pub fn hook_points(&self) -> Vec<Arc<Declaration>> {
        self.inner.hooks.read().values().map(|slot| Arc::clone(&slot.declaration)).collect()
    }

    /// The policy in force.
    pub fn policy(&self) -> Arc<Policy> {
        self.inner.policy.load_full()
    }

    /// Sets another policy. Existing attachments keep the rules they were attached under; limits over all of a tenant's
    /// attachments (rates of fuel and logging, totals) apply to them at once. What is in use stays in use, debt stays
    /// debt, and a larger burst starts without the additional amount.
    ///
    /// # Errors
    /// [`PolicyRefused`] lists what does not fit the declared hook points, or the host; nothing changed.
    pub fn set_policy(&self, policy: Policy) -> Result<(), PolicyRefused> {
        let file = policy.file().into();
        let _control = self.inner.control.lock();
        let points = self.hook_points();
        let Executors { sandbox, shares, .. } = &self.inner.executors;
        let fitting = shares.fitting(sandbox.has_deadlines());
        fits(&policy, points.iter().map(|point| &**point), fitting)?;
        let policy = Arc::new(policy);
        for slot in self.inner.slots() {
            slot.require(Requirement::of(&slot.declaration, &policy));
        }
        // The policy is in force first: an account that is opened meanwhile gets its limits directly or from the next
        // step.
        self.inner.policy.store(Arc::clone(&policy));
        self.inner.tenants.set_policy(&policy, shares.kept(&policy));
        self.inner.events.emit(Event::new(EventKind::Policy { file }));
        Ok(())
    }

    /// A reader of events from now on: changes, log lines, faults and denials.
    pub fn events(&self) -> EventReader {
        self.inner.events.reader(true, Some(u64::MAX), None)
    }

    /// The statistics of every attachment since it was attached.
    pub fn stats(&self) -> Vec<AttachmentStats> {
        self.inner.slots().iter().flat_map(|slot| slot.stats(|_| true)).collect()
    }

    /// Passes the memory of every idle shared executor to `look`. For tests of isolation, in which it simulates a
    /// corrupted guest that wrote anywhere.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn inspect_executors(&self, mut look: impl FnMut(&mut [u8])) {
        self.inner.executors.shared.inspect(&mut look);
    }

    /// For tests: the bytes that restores between calls of one attachment have missed so far, in this process. It must
    /// be 0.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn bytes_not_restored() -> usize {
        tenterhook_sandbox::MISSED.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The linear memory at the start of a call of a script that has loaded next to nothing, in bytes.
    pub fn base_memory(&self) -> usize {
        self.inner.executors.sandbox.base_memory()
    }
}

impl Inner {
    fn declare(&self, declaration: &Arc<Declaration>) -> Result<Arc<Slot>, DeclareError> {
        // The lock prevents another policy between the check and the declaration.
        let _control = self.control.lock();
        let mut hooks = self.hooks.write();
        if let Some(known) = hooks.get(&declaration.name) {
            let same_shape = known.declaration.fingerprint() == declaration.fingerprint();
            let (protects, protected) = (protection(declaration), protection(&known.declaration));
            if same_shape && protects == protected {
                return Ok(Arc::clone(known));
            }
            let mut difference = declaration.difference(&known.declaration);
            if protects != protected {
                difference.extend(protected.iter().map(|line| format!("- {line}")));
                difference.extend(protects.iter().map(|line| format!("+ {line}")));
            }
            return Err(DeclaredTwice { name: declaration.name.clone(), difference }.into());
        }
        // What does not depend on hook points was checked when the policy was set.
        let fitting = Fitting { deadlines: true, reserved: u64::MAX };
        fits(&self.policy.load(), [&**declaration], fitting)?;
        let requirement = Requirement::of(declaration, &self.policy.load());
        let slot = Arc::new(Slot::new(Arc::clone(declaration), requirement, &self.events));
        hooks.insert(declaration.name.clone(), Arc::clone(&slot));
        Ok(slot)
    }
}

/// What a declaration contains beside the schema: what is forbidden, the closed result, what is required.
fn protection(of: &Declaration) -> Vec<String> {
    let forbidden = of.forbidden.lines(of).into_iter().map(|line| format!("forbid {line}"));
    let closed = of.closed.iter().flat_map(|closed| closed.lines(of)).map(|line| format!("closed {line}"));
    forbidden.chain(closed).chain(of.required.iter().map(|required| format!("require {required}"))).collect()
}

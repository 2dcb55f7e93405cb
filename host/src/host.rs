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

/// Hook points, what is attached to them, and the sandbox they share. Cheap to clone; any thread may use it.
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
    /// How the two differ, one line each.
    pub difference: Vec<String>,
}

/// Why a hook point was not declared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeclareError {
    /// It is there, in another shape.
    #[error(transparent)]
    Twice(#[from] DeclaredTwice),
    /// The host's policy makes something of failures that the hook point forbids.
    #[error(transparent)]
    Policy(#[from] PolicyRefused),
}

/// Why a host could not be made.
#[derive(Debug, Error)]
pub enum SandboxError {
    /// The engine refused its configuration, or could not reserve its address space.
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
    /// What tenants may do; the preset `default` unless said.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// How much the sandbox may take.
    pub fn sandbox(mut self, options: SandboxOptions) -> Self {
        self.options = options;
        self
    }

    /// Where the compiled interpreter is kept between runs; `None`: nowhere.
    pub fn cache(mut self, directory: Option<PathBuf>) -> Self {
        self.options.cache = directory;
        self
    }

    /// Where scripts' log lines go; to `tracing` unless said.
    pub fn log_sink(mut self, sink: Arc<dyn LogSink>) -> Self {
        self.sink = sink;
        self
    }

    /// Whether policies may set deadlines by the clock, beside fuel; not unless said. Compiled code is a few percent slower
    /// then, whether they do or not, and a thread counts milliseconds once the first attachment has one.
    pub fn deadlines(mut self, deadlines: bool) -> Self {
        self.options.deadlines = deadlines;
        self
    }

    /// A capability beside the log.
    pub fn capability(mut self, capability: Arc<dyn Capability>) -> Self {
        self.capabilities.push(capability);
        self
    }

    /// What rates and quarantine go by; the system's monotonic clock unless said. For tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The most threads that are within a call at once, per pool of executors; more are denied as busy, but for those
    /// that find a place among their tenant's own (`reserved_calls` of the policy). 64 unless said: as many as the
    /// program has threads that invoke, and nobody is ever busy.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Whether calls are counted (see [`Host::stats`]); they are unless said. To measure what counting costs.
    pub fn statistics(mut self, counted: bool) -> Self {
        self.statistics = counted;
        self
    }

    /// Another module in place of the interpreter; tests put hostile ones there. Use a cache of its own, or none.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn guest(mut self, wasm: Vec<u8>) -> Self {
        self.guest = Cow::Owned(wasm);
        self
    }

    /// The host. Compiles the interpreter, or takes it from the cache; a cache that is of no use is warned about.
    ///
    /// # Errors
    /// An engine that cannot be set up on this machine; a policy with a deadline, on a host without.
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
    /// Starts setting up a host.
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

    /// Declares a hook point; again gives the same.
    ///
    /// # Errors
    /// A hook point of that name in another shape; dispositions of the host's policy that the hook point forbids.
    pub fn declare<P: HookPoint>(&self) -> Result<Hook<P>, DeclareError> {
        Ok(Hook::new(Arc::clone(&self.inner), self.inner.declare(P::declaration())?))
    }

    /// Declares a hook point whose types are known at run time only; again gives the same.
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

    /// What the policy says now.
    pub fn policy(&self) -> Arc<Policy> {
        self.inner.policy.load_full()
    }

    /// Another policy. Attachments that are there keep the rules they were attached under; what counts over all of a
    /// tenant's attachments (rates of fuel and logging, totals) holds for them too, at once. What is in use stays in
    /// use, debt stays debt, and a larger burst is not filled by being granted.
    ///
    /// # Errors
    /// [`PolicyRefused`] says what does not fit the hook points declared so far, or the host; nothing changed.
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
        // In force first: an account that is opened meanwhile has its limits, or is told of them here.
        self.inner.policy.store(Arc::clone(&policy));
        self.inner.tenants.set_policy(&policy, shares.kept(&policy));
        self.inner.events.emit(Event::new(EventKind::Policy { file }));
        Ok(())
    }

    /// What happens from now on, for whoever wants to watch: changes, and log lines, faults and denials.
    pub fn events(&self) -> EventReader {
        self.inner.events.reader(true, Some(u64::MAX), None)
    }

    /// What every attachment's calls came to since it was attached.
    pub fn stats(&self) -> Vec<AttachmentStats> {
        self.inner.slots().iter().flat_map(|slot| slot.stats(|_| true)).collect()
    }

    /// Hands the memory of every idle executor that attachments share to `look`. For tests of isolation: it stands for a
    /// guest that was corrupted and wrote anywhere.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn inspect_executors(&self, mut look: impl FnMut(&mut [u8])) {
        self.inner.executors.shared.inspect(&mut look);
    }

    /// Bytes that restores between calls of one attachment have missed so far, in this process: none. For tests.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn bytes_not_restored() -> usize {
        tenterhook_sandbox::MISSED.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Bytes of memory that a call starts with where its script has loaded next to nothing.
    pub fn base_memory(&self) -> usize {
        self.inner.executors.sandbox.base_memory()
    }
}

impl Inner {
    fn declare(&self, declaration: &Arc<Declaration>) -> Result<Arc<Slot>, DeclareError> {
        // No other policy comes between the check and the declaration.
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

/// What a declaration says beside the shape that scripts see: what is forbidden, what closed is, what is required.
fn protection(of: &Declaration) -> Vec<String> {
    let forbidden = of.forbidden.lines(of).into_iter().map(|line| format!("forbid {line}"));
    let closed = of.closed.iter().flat_map(|closed| closed.lines(of)).map(|line| format!("closed {line}"));
    forbidden.chain(closed).chain(of.required.iter().map(|required| format!("require {required}"))).collect()
}

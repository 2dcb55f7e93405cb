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
use tenterhook_policies::{Policy, Preset, Rules, State};
use thiserror::Error;

use crate::attach::{AttachError, Attachment, AttachmentId, Bundle, Request, Slot};
use crate::capability::{Capabilities, Capability, Log, LogSink, TracingSink};
use crate::invoke::{DynamicHook, Hook};
use crate::observe::{AttachmentStats, Event, EventKind, EventReader, Events, Stats, Subject};
use crate::sandbox::{CacheError, Context, Pool, Sandbox, SandboxError, SandboxOptions};
use crate::verdict::Verdicts;

/// Hook points, what is attached to them, and the sandbox they share. Cheap to clone; any thread may use it.
#[derive(Clone)]
pub struct Host {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub sandbox: Sandbox,
    pub hooks: RwLock<BTreeMap<String, Arc<Slot>>>,
    pub policy: ArcSwap<Policy>,
    capabilities: Vec<Arc<dyn Capability>>,
    /// Executors that all attachments share whose state does not last.
    shared: Arc<Pool>,
    threads: usize,
    /// Held while attachments change: which one is at which hook point.
    pub control: Mutex<HashMap<AttachmentId, Arc<Slot>>>,
    /// Counts changes.
    pub revision: AtomicU64,
    /// Whether calls are counted.
    statistics: bool,
    /// What happens, for those who watch.
    pub events: Arc<Events>,
}

/// A hook point that cannot be declared.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("hook point {name} is declared already, in another shape:\n{}", difference.join("\n"))]
pub struct DeclaredTwice {
    /// Its name.
    pub name: String,
    /// How the two differ, one line each.
    pub difference: Vec<String>,
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

    /// A capability beside the log.
    pub fn capability(mut self, capability: Arc<dyn Capability>) -> Self {
        self.capabilities.push(capability);
        self
    }

    /// The most threads that are within a call at once, per pool of executors; more are denied as busy. 64 unless said.
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
    /// An engine that cannot be set up on this machine.
    pub fn build(self) -> Result<Host, SandboxError> {
        let (sandbox, problem) = Sandbox::with_guest(&self.options, &self.guest)?;
        self.with(sandbox, problem)
    }

    fn with(self, sandbox: Sandbox, problem: Option<CacheError>) -> Result<Host, SandboxError> {
        if let Some(problem) = problem {
            tracing::warn!(target: "tenterhook::sandbox", "cache: {problem}");
        }
        let events = Arc::new(Events::new());
        let log = Log::new(self.sink, Arc::clone(&events));
        let mut capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(log)];
        capabilities.extend(self.capabilities);
        let inner = Inner {
            sandbox,
            hooks: RwLock::new(BTreeMap::new()),
            policy: ArcSwap::from_pointee(self.policy),
            capabilities,
            shared: Arc::new(Pool::new(self.threads)),
            threads: self.threads,
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
        }
    }

    /// Declares a hook point; again gives the same.
    ///
    /// # Errors
    /// A hook point of that name in another shape.
    pub fn declare<P: HookPoint>(&self) -> Result<Hook<P>, DeclaredTwice> {
        Ok(Hook::new(Arc::clone(&self.inner), self.inner.declare(P::declaration())?))
    }

    /// Declares a hook point whose types are known at run time only; again gives the same.
    ///
    /// # Errors
    /// As [`Host::declare`].
    pub fn declare_dynamic(&self, declaration: &Arc<Declaration>) -> Result<DynamicHook, DeclaredTwice> {
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

    /// Another policy, for attachments to come; those there keep the rules they were attached under.
    pub fn set_policy(&self, policy: Policy) {
        let file = policy.file().into();
        self.inner.policy.store(Arc::new(policy));
        self.inner.events.emit(Event::new(EventKind::Policy { file }));
    }

    /// What happens from now on, for whoever wants to watch: changes, and log lines, faults and denials.
    pub fn events(&self) -> EventReader {
        self.inner.events.reader(true, Some(u64::MAX), None)
    }

    /// What every attachment's calls came to since it was attached.
    pub fn stats(&self) -> Vec<AttachmentStats> {
        let slots: Vec<Arc<Slot>> = self.inner.hooks.read().values().cloned().collect();
        slots.iter().flat_map(|slot| slot.stats()).collect()
    }

    /// Hands the memory of every idle executor that attachments share to `look`. For tests of isolation: it stands for a
    /// guest that was corrupted and wrote anywhere.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn inspect_executors(&self, mut look: impl FnMut(&mut [u8])) {
        self.inner.shared.inspect(&mut look);
    }

    /// Bytes that restores between calls of one attachment have missed so far, in this process: none. For tests.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn bytes_not_restored() -> usize {
        crate::sandbox::MISSED.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Bytes of memory that a call starts with where its script has loaded next to nothing.
    pub fn base_memory(&self) -> usize {
        self.inner.sandbox.base_memory()
    }
}

impl Inner {
    fn declare(&self, declaration: &Arc<Declaration>) -> Result<Arc<Slot>, DeclaredTwice> {
        let mut hooks = self.hooks.write();
        if let Some(known) = hooks.get(&declaration.name) {
            if known.declaration.fingerprint() == declaration.fingerprint() {
                return Ok(Arc::clone(known));
            }
            let difference = declaration.difference(&known.declaration);
            return Err(DeclaredTwice { name: declaration.name.clone(), difference });
        }
        let slot = Arc::new(Slot::new(Arc::clone(declaration)));
        hooks.insert(declaration.name.clone(), Arc::clone(&slot));
        Ok(slot)
    }

    pub fn slot(&self, name: &str) -> Result<Arc<Slot>, AttachError> {
        let hooks = self.hooks.read();
        hooks.get(name).cloned().ok_or_else(|| AttachError::NoHookPoint {
            name: name.to_owned(),
            nearest: tenterhook_hooks::nearest(name, hooks.keys().map(String::as_str)).map(str::to_owned),
        })
    }

    /// Everything about attaching that takes time and can fail; touches no table.
    pub fn load(&self, slot: &Slot, request: Request, id: AttachmentId) -> Result<Attachment, AttachError> {
        let declaration = &slot.declaration;
        check_name(&request.name)?;
        let bundle = Bundle { main: request.source, modules: request.modules };
        bundle.check()?;
        if let Some((fingerprint, older)) = &request.fingerprint
            && *fingerprint != declaration.fingerprint()
        {
            let difference = match older {
                Some(older) => declaration.difference(older),
                None => vec![format!("- {fingerprint}"), format!("+ {}", declaration.fingerprint())],
            };
            return Err(AttachError::Changed { hook: declaration.name.clone(), difference });
        }
        let rules = match request.rules {
            Some(rules) => rules,
            None => self.policy.load().resolve(&request.tenant, &declaration.name)?,
        };
        let verdicts = Verdicts::new(declaration, &rules.dispositions)?;
        let asked_state = request.state;
        let state = asked_state.unwrap_or(rules.state);
        let subject = Subject {
            tenant: request.tenant.as_str().into(),
            attachment: request.name.as_str().into(),
            hook: declaration.name.as_str().into(),
            id: Some(id),
        };
        let context = Arc::new(Context {
            subject,
            tenant: request.tenant,
            attachment: request.name.clone(),
            script: request.script,
            capabilities: self.capabilities(&rules),
        });
        let image = self
            .sandbox
            .load(&context, declaration, &bundle.chunk(&context.script), &rules.budget)
            .map_err(AttachError::Load)?;
        let pool = match state {
            State::Fresh => Arc::clone(&self.shared),
            State::Kept => Arc::new(Pool::new(self.threads)),
        };
        let stats = self.stats_for(slot, id, &pool, state);
        let (name, sha256) = (request.name, bundle.sha256());
        Ok(Attachment { id, name, context, image, rules, state, asked_state, verdicts, pool, bundle, sha256, stats })
    }

    /// Counters for an attachment: those of the one that it replaces, where its calls use the same pool.
    fn stats_for(&self, slot: &Slot, id: AttachmentId, pool: &Pool, state: State) -> Arc<Stats> {
        match slot.find(id) {
            Some(old) if state == State::Fresh && old.attachment.state == state => Arc::clone(&old.attachment.stats),
            _ => Arc::new(Stats::new(if self.statistics { pool.places() } else { 0 })),
        }
    }

    /// The log for everyone; other capabilities by grant.
    fn capabilities(&self, rules: &Rules) -> Capabilities {
        let granted = |c: &&Arc<dyn Capability>| {
            c.library() == "log" || rules.grants.iter().any(|grant| grant.capability == c.library())
        };
        Capabilities::new(self.capabilities.iter().filter(granted).cloned().collect())
    }
}

fn check_name(name: &str) -> Result<(), AttachError> {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-');
    if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.bytes().all(allowed) {
        return Err(AttachError::Name { name: name.to_owned() });
    }
    Ok(())
}

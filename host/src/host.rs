//! The host: hook points, attachments, and the sandbox that they share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};
use tenterhook_hooks::HookPoint;
use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{Policy, Preset, Rules, State};
use thiserror::Error;

use crate::attach::{AttachError, Attachment, AttachmentId, AttachmentInfo, Gone, Link, MAX_SOURCE, Request, Slot};
use crate::capability::{Capabilities, Capability, Log, LogSink, TracingSink};
use crate::invoke::{DynamicHook, Hook};
use crate::observe::{Event, EventKind, EventReader, Events};
use crate::sandbox::{CacheError, Context, Pool, Sandbox, SandboxError, SandboxOptions};
use crate::verdict::Verdicts;

/// Hook points, what is attached to them, and the sandbox they share. Cheap to clone; any thread may use it.
#[derive(Clone)]
pub struct Host {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub sandbox: Sandbox,
    hooks: RwLock<BTreeMap<String, Arc<Slot>>>,
    policy: ArcSwap<Policy>,
    capabilities: Vec<Arc<dyn Capability>>,
    /// Executors that all attachments share whose state does not last.
    shared: Arc<Pool>,
    threads: usize,
    /// Held while attachments change.
    control: Mutex<()>,
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
    policy: Policy,
    sink: Arc<dyn LogSink>,
    capabilities: Vec<Arc<dyn Capability>>,
    threads: usize,
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

    /// The host. Compiles the interpreter, or takes it from the cache; a cache that is of no use is warned about.
    ///
    /// # Errors
    /// An engine that cannot be set up on this machine.
    pub fn build(self) -> Result<Host, SandboxError> {
        let (sandbox, problem) = Sandbox::new(&self.options)?;
        self.with(sandbox, problem)
    }

    fn with(self, sandbox: Sandbox, problem: Option<CacheError>) -> Result<Host, SandboxError> {
        if let Some(problem) = problem {
            tracing::warn!(target: "tenterhook::sandbox", "cache: {problem}");
        }
        let mut capabilities: Vec<Arc<dyn Capability>> = vec![Arc::new(Log::new(self.sink))];
        capabilities.extend(self.capabilities);
        let inner = Inner {
            sandbox,
            hooks: RwLock::new(BTreeMap::new()),
            policy: ArcSwap::from_pointee(self.policy),
            capabilities,
            shared: Arc::new(Pool::new(self.threads)),
            threads: self.threads,
            control: Mutex::new(()),
            events: Arc::new(Events::new()),
        };
        Ok(Host { inner: Arc::new(inner) })
    }
}

impl Host {
    /// Starts setting up a host.
    pub fn builder() -> HostBuilder {
        HostBuilder {
            options: SandboxOptions::default(),
            policy: Policy::preset(Preset::Default),
            sink: Arc::new(TracingSink),
            capabilities: Vec::new(),
            threads: 64,
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

    /// Loads a script and attaches it. Callers see it from one invocation to the next; nobody waits for the load.
    ///
    /// # Errors
    /// [`AttachError`] says what was wrong; nothing changed.
    pub fn attach(&self, request: Request) -> Result<Link, AttachError> {
        let slot = self.inner.slot(&request.hook)?;
        let attachment = self.inner.load(&slot, request, AttachmentId::next())?;
        let id = attachment.id;
        let _control = self.inner.control.lock();
        if slot.table().iter().any(|a| a.tenant() == attachment.tenant() && a.name == attachment.name) {
            return Err(AttachError::Exists {
                hook: slot.declaration.name.clone(),
                tenant: attachment.tenant().to_owned(),
                name: attachment.name.clone(),
            });
        }
        let event = Event::new(EventKind::Attached { order: attachment.order }).about(attachment.subject(&slot));
        slot.change(|table| table.push(Arc::new(attachment)));
        self.inner.events.emit(event);
        Ok(Link::new(&self.inner, id))
    }

    /// Loads a script and puts it in the place of another, in one step. It keeps the id; calls in flight finish on what
    /// they began with.
    ///
    /// # Errors
    /// As [`Host::attach`]; [`AttachError::Gone`] where there is nothing to replace. The old one stays then.
    pub fn replace(&self, id: AttachmentId, request: Request) -> Result<(), AttachError> {
        let slot = self.inner.slot(&request.hook)?;
        slot.find(id).ok_or(Gone(id))?;
        let attachment = Arc::new(self.inner.load(&slot, request, id)?);
        let _control = self.inner.control.lock();
        let same_name =
            |a: &Arc<Attachment>| a.id != id && a.tenant() == attachment.tenant() && a.name == attachment.name;
        if slot.table().iter().any(same_name) {
            return Err(AttachError::Exists {
                hook: slot.declaration.name.clone(),
                tenant: attachment.tenant().to_owned(),
                name: attachment.name.clone(),
            });
        }
        let replaced = slot.change(|table| {
            let place = table.iter_mut().find(|a| a.id == id)?;
            *place = Arc::clone(&attachment);
            Some(())
        });
        replaced.ok_or(Gone(id))?;
        self.inner.events.emit(Event::new(EventKind::Replaced).about(attachment.subject(&slot)));
        Ok(())
    }

    /// Detaches. Calls in flight finish on what they began with.
    ///
    /// # Errors
    /// [`Gone`] where there is no such attachment.
    pub fn detach(&self, id: AttachmentId) -> Result<(), Gone> {
        self.inner.detach(id)
    }

    /// The attachments of a hook point, in the order they run in; empty where there is no such hook point.
    pub fn attachments(&self, hook: &str) -> Vec<AttachmentInfo> {
        let slot = self.inner.hooks.read().get(hook).cloned();
        slot.map(|slot| slot.table().iter().map(|a| a.info(hook)).collect()).unwrap_or_default()
    }

    /// Loads a script and throws it away: what attaching would say.
    ///
    /// # Errors
    /// As [`Host::attach`].
    pub fn check(&self, request: Request) -> Result<AttachmentInfo, AttachError> {
        let slot = self.inner.slot(&request.hook)?;
        let attachment = self.inner.load(&slot, request, AttachmentId::next())?;
        Ok(attachment.info(&slot.declaration.name))
    }

    /// Hands the memory of every idle executor that attachments share to `look`. For tests of isolation: it stands for a
    /// guest that was corrupted and wrote anywhere.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn inspect_executors(&self, mut look: impl FnMut(&mut [u8])) {
        self.inner.shared.inspect(&mut look);
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

    fn slot(&self, name: &str) -> Result<Arc<Slot>, AttachError> {
        let hooks = self.hooks.read();
        hooks.get(name).cloned().ok_or_else(|| AttachError::NoHookPoint {
            name: name.to_owned(),
            nearest: tenterhook_hooks::nearest(name, hooks.keys().map(String::as_str)).map(str::to_owned),
        })
    }

    /// Everything about attaching that takes time and can fail; touches no table.
    fn load(&self, slot: &Slot, request: Request, id: AttachmentId) -> Result<Attachment, AttachError> {
        let declaration = &slot.declaration;
        check_name(&request.name)?;
        if request.source.len() > MAX_SOURCE {
            return Err(AttachError::TooLarge { bytes: request.source.len() });
        }
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
        let state = request.state.unwrap_or(rules.state);
        let context = Arc::new(Context {
            tenant: request.tenant,
            attachment: request.name.clone(),
            script: request.script,
            capabilities: self.capabilities(&rules),
        });
        let image =
            self.sandbox.load(&context, declaration, &request.source, &rules.budget).map_err(AttachError::Load)?;
        let pool = match state {
            State::Fresh => Arc::clone(&self.shared),
            State::Kept => Arc::new(Pool::new(self.threads)),
        };
        Ok(Attachment { id, name: request.name, order: request.order, context, image, rules, state, verdicts, pool })
    }

    /// The log for everyone; other capabilities by grant.
    fn capabilities(&self, rules: &Rules) -> Capabilities {
        let granted = |c: &&Arc<dyn Capability>| {
            c.library() == "log" || rules.grants.iter().any(|grant| grant.capability == c.library())
        };
        Capabilities::new(self.capabilities.iter().filter(granted).cloned().collect())
    }

    pub fn detach(&self, id: AttachmentId) -> Result<(), Gone> {
        let _control = self.control.lock();
        let slots: Vec<Arc<Slot>> = self.hooks.read().values().cloned().collect();
        let found = slots.iter().find_map(|slot| Some((slot, slot.find(id)?)));
        let (slot, attachment) = found.ok_or(Gone(id))?;
        slot.change(|table| table.retain(|attachment| attachment.id != id));
        self.events.emit(Event::new(EventKind::Detached).about(attachment.subject(slot)));
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), AttachError> {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-');
    if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.bytes().all(allowed) {
        return Err(AttachError::Name { name: name.to_owned() });
    }
    Ok(())
}

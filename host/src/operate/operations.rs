//! A host's operations.

use std::sync::Arc;

use tenterhook_sandbox::Fault;

use crate::admit::Loading;
use crate::attach::{Against, AttachError, Bundle, Entry, Inner, Loaded, Position, Request, Slot};
use crate::host::Host;
use crate::id::AttachmentId;
use crate::invoke::DynamicHook;
use crate::observe::{Event, EventReader, Sample};

/// What a plane for operators does with a host.
#[derive(Clone, Copy)]
pub struct Operations<'a> {
    pub(super) inner: &'a Arc<Inner>,
}

impl Host {
    /// What a plane for operators does with the host.
    pub fn operate(&self) -> Operations<'_> {
        Operations { inner: &self.inner }
    }
}

/// Hook points.
impl Operations<'_> {
    /// The hook points declared so far, by name.
    pub fn slots(&self) -> Vec<Arc<Slot>> {
        self.inner.slots()
    }

    /// The hook point of that name.
    ///
    /// # Errors
    /// [`AttachError::NoHookPoint`], with the nearest name that there is.
    pub fn slot(&self, name: &str) -> Result<Arc<Slot>, AttachError> {
        self.inner.slot(name)
    }

    /// The hook point, ready to fire.
    pub fn hook(&self, slot: &Arc<Slot>) -> DynamicHook {
        DynamicHook::new(Arc::clone(self.inner), Arc::clone(slot))
    }
}

/// Loading scripts.
impl Operations<'_> {
    /// Loads a script, for the attachment of that id: one that it is to take the place of, or a new one
    /// ([`AttachmentId::next`]). Nothing is changed; what of the tenant's quota it takes is given back when it is dropped.
    ///
    /// # Errors
    /// [`AttachError`] says what was wrong with request or script.
    pub fn prepare(&self, request: Request, id: AttachmentId) -> Result<Loaded, AttachError> {
        self.inner.prepare(request, id)
    }

    /// As [`Operations::prepare`], for a new attachment of what an earlier run of the program had: neither the tenant's rate
    /// of loads nor its fuel pays for it.
    ///
    /// # Errors
    /// As [`Operations::prepare`].
    pub fn prepare_again(&self, mut request: Request) -> Result<Loaded, AttachError> {
        request.loading = Loading::Host;
        self.inner.prepare(request, AttachmentId::next())
    }

    /// What Lua's compiler says against `text`, as the file that errors call `script`, with everything else as the request has
    /// it; `None` where it says nothing, or cannot be asked. The text is never run. The tenant pays for it with fuel.
    pub fn syntax_error(&self, request: &Request, text: &[u8], script: &str) -> Option<String> {
        let mut trial = request.clone();
        trial.loading = Loading::Again;
        trial.bundle = Bundle { main: Bundle::trial(text, script), ..Bundle::default() };
        match self.inner.prepare(trial, AttachmentId::next()) {
            Err(AttachError::Load(Fault::Load { message, .. })) => Some(message),
            _ => None,
        }
    }
}

/// Changes. Each that begins with `can` says what the other would come to if it were made now, and changes nothing.
impl Operations<'_> {
    /// The entry that a loaded attachment would become; its revision is not known yet.
    ///
    /// # Errors
    /// As [`Host::attach`].
    pub fn can_insert(&self, loaded: &Loaded) -> Result<Entry, AttachError> {
        self.inner.can_insert(loaded)
    }

    /// Puts a loaded attachment into its chain.
    ///
    /// # Errors
    /// As [`Host::attach`].
    pub fn insert(&self, loaded: Loaded, against: Against<'_>) -> Result<Entry, AttachError> {
        self.inner.insert(loaded, against)
    }

    /// The entry that would take the place of `old`: with its order and rank unless the request asks for others.
    ///
    /// # Errors
    /// As [`Host::replace`].
    pub fn can_exchange(&self, loaded: &Loaded, old: &Entry) -> Result<Entry, AttachError> {
        self.inner.can_exchange(loaded, old)
    }

    /// Puts a loaded attachment in the place of the one that has its id.
    ///
    /// # Errors
    /// As [`Host::replace`]; [`AttachError::Stale`] at another revision than the change was made against.
    pub fn exchange(&self, loaded: Loaded, against: Against<'_>) -> Result<Entry, AttachError> {
        self.inner.exchange(loaded, against)
    }

    /// Takes an attachment out of its chain; the revision that the host is at then.
    ///
    /// # Errors
    /// [`AttachError::Gone`], or [`AttachError::Stale`] at another revision than the change was made against.
    pub fn remove(&self, id: AttachmentId, against: Against<'_>) -> Result<u64, AttachError> {
        self.inner.remove(id, against)
    }

    /// Lets calls reach the attachment, or keeps them from it.
    ///
    /// # Errors
    /// As [`Operations::remove`].
    pub fn set_enabled(&self, id: AttachmentId, enabled: bool, against: Against<'_>) -> Result<Entry, AttachError> {
        self.inner.set_enabled(id, enabled, against)
    }

    /// The entry that a move within the chain would make.
    ///
    /// # Errors
    /// As [`Host::reorder`].
    pub fn can_reorder(&self, id: AttachmentId, position: Position) -> Result<Entry, AttachError> {
        self.inner.can_reorder(id, position)
    }

    /// Moves the attachment within its chain.
    ///
    /// # Errors
    /// As [`Host::reorder`]; [`AttachError::Stale`] at another revision than the change was made against.
    pub fn reorder(&self, id: AttachmentId, position: Position, against: Against<'_>) -> Result<Entry, AttachError> {
        self.inner.reorder(id, position, against)
    }

    /// Takes the host's next revision, for a change that is going to be made with it ([`Against::assign`]), or that is made
    /// elsewhere.
    pub fn next_revision(&self) -> u64 {
        self.inner.next_revision()
    }

    /// Goes on counting from a revision of an earlier run, if the host is not further already.
    pub fn continue_from(&self, revision: u64) {
        self.inner.continue_from(revision);
    }
}

/// Events.
impl Operations<'_> {
    /// Tells whoever watches. Never waits; of too many events the oldest are lost.
    pub fn emit(&self, event: Event) {
        self.inner.events.emit(event);
    }

    /// A reader of changes and incidents after event `since`, as far back as they are remembered; 0: of all of those.
    pub fn history(&self, since: u64) -> EventReader {
        self.inner.events.reader(false, Some(since), None)
    }

    /// A reader of what the call path tells from now on: lines, faults and denials, and the calls that are asked for.
    pub fn live(&self, calls: Option<Sample>) -> EventReader {
        self.inner.events.reader(true, None, calls)
    }

    /// Events that readers were too slow for so far, each reader's counted.
    pub fn lost_events(&self) -> u64 {
        self.inner.events.lost()
    }
}

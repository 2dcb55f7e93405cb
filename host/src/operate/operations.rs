//! A host's operations.

use std::sync::Arc;

use tenterhook_sandbox::Fault;

use crate::admit::Loading;
use crate::attach::{Against, AttachError, Bundle, Change, Entry, Inner, Intent, Loaded, Request, Slot};
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
    pub fn load(&self, request: Request, id: AttachmentId) -> Result<Loaded, AttachError> {
        self.inner.load_for(request, id)
    }

    /// As [`Operations::load`], for a new attachment of what an earlier run of the program had: neither the tenant's rate
    /// of loads nor its fuel pays for it.
    ///
    /// # Errors
    /// As [`Operations::load`].
    pub fn load_again(&self, mut request: Request) -> Result<Loaded, AttachError> {
        request.loading = Loading::Host;
        self.inner.load_for(request, AttachmentId::next())
    }

    /// What Lua's compiler says against `text`, as the file that errors call `script`, with everything else as the request has
    /// it; `None` where it says nothing, or cannot be asked. The text is never run. The tenant pays for it with fuel.
    pub fn syntax_error(&self, request: &Request, text: &[u8], script: &str) -> Option<String> {
        let mut trial = request.clone();
        trial.loading = Loading::Again;
        trial.bundle = Bundle { main: Bundle::trial(text, script), ..Bundle::default() };
        match self.inner.load_for(trial, AttachmentId::next()) {
            Err(AttachError::Load(Fault::Load { message, .. })) => Some(message),
            _ => None,
        }
    }
}

/// Changes: prepared, possibly written down by whoever makes them, and committed.
impl Operations<'_> {
    /// Computes what the intent comes to as things are now, and changes nothing: a dry run drops the change. The change
    /// holds no lock, so others are made meanwhile.
    ///
    /// # Errors
    /// [`AttachError::Gone`] where the attachment is not there, [`AttachError::Stale`] where it is at another revision than
    /// `against` says; for an attachment that goes into a chain, [`AttachError::Exists`] where its name is taken; for one
    /// that is given a position, as [`Host::reorder`].
    pub fn prepare(&self, intent: Intent, against: Against<'_>) -> Result<Change, AttachError> {
        self.inner.prepare(intent, against)
    }

    /// Assigns the host's next revision to a change that is going to be made, unless it has one; returns the revision that
    /// it has then. [`Operations::commit`] does so itself: this is for whoever writes the change down before.
    pub fn assign(&self, change: &mut Change) -> u64 {
        self.inner.assign(change)
    }

    /// Makes a prepared change. Returns the entry as it is then; of a detached attachment, the entry as it was, at the
    /// revision of the change. Waits for the host's control lock alone: never for a script, and never for a disk.
    ///
    /// # Errors
    /// What the change was prepared against does not hold any more: [`AttachError::Gone`] or [`AttachError::Stale`] where
    /// the attachment has been detached or changed, [`AttachError::Exists`] where the name has been taken,
    /// [`AttachError::Placement`] or [`AttachError::Order`] where a new policy does not allow the position. Nothing changed.
    pub fn commit(&self, change: Change) -> Result<Entry, AttachError> {
        self.inner.commit(change)
    }

    /// Takes the host's next revision, for a change that is made elsewhere than in a chain.
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

//! A host's operations.

use std::sync::Arc;

use tenterhook_sandbox::Fault;

use crate::admit::Loading;
use crate::attach::{Against, AttachError, Bundle, Change, Entry, Inner, Intent, Loaded, Request, Slot};
use crate::host::Host;
use crate::id::AttachmentId;
use crate::invoke::DynamicHook;
use crate::observe::{Event, EventReader, Sample};

/// A host's operations for an operators' plane.
#[derive(Clone, Copy)]
pub struct Operations<'a> {
    pub(super) inner: &'a Arc<Inner>,
}

impl Host {
    /// The operations for an operators' plane.
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
    /// [`AttachError::NoHookPoint`], with the nearest known name.
    pub fn slot(&self, name: &str) -> Result<Arc<Slot>, AttachError> {
        self.inner.slot(name)
    }

    /// The hook point, which can be fired.
    pub fn hook(&self, slot: &Arc<Slot>) -> DynamicHook {
        DynamicHook::new(Arc::clone(self.inner), Arc::clone(slot))
    }
}

/// Loading scripts.
impl Operations<'_> {
    /// Loads a script, for the attachment with that id: one that it will replace, or a new one
    /// ([`AttachmentId::next`]). Nothing is changed; what it claims from the tenant's quota is given back when it is
    /// dropped.
    ///
    /// # Errors
    /// [`AttachError`] describes the error in the request or script.
    pub fn load(&self, request: Request, id: AttachmentId) -> Result<Loaded, AttachError> {
        self.inner.load_for(request, id)
    }

    /// As [`Operations::load`], for a new attachment from an earlier run of the program: it is charged neither to the
    /// tenant's rate of loads nor to its fuel.
    ///
    /// # Errors
    /// As [`Operations::load`].
    pub fn load_again(&self, mut request: Request) -> Result<Loaded, AttachError> {
        request.loading = Loading::Host;
        self.inner.load_for(request, AttachmentId::next())
    }

    /// The error of Lua's compiler in `text`, as the file that errors call `script`, with everything else as in the
    /// request; `None` if there is none, or the compiler cannot be run. The text is never run. The compilation is
    /// charged to the tenant's fuel.
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

/// Changes: prepared, possibly written down by the caller, and committed.
impl Operations<'_> {
    /// Prepares the change for an intent in the current state, and changes nothing: a dry run drops the change. The
    /// change holds no lock, so others are made meanwhile.
    ///
    /// # Errors
    /// [`AttachError::Gone`] if the attachment does not exist, [`AttachError::Stale`] if it is at another revision than
    /// `against` names; for an attachment that is put into a chain, [`AttachError::Exists`] if its name is taken; for
    /// one with a position, as [`Host::reorder`].
    pub fn prepare(&self, intent: Intent, against: Against<'_>) -> Result<Change, AttachError> {
        self.inner.prepare(intent, against)
    }

    /// Assigns the host's next revision to a change that will be made, unless it has one; returns the revision.
    /// [`Operations::commit`] does so itself: this is for callers that write the change down before.
    pub fn assign(&self, change: &mut Change) -> u64 {
        self.inner.assign(change)
    }

    /// Commits a prepared change. Returns the new entry; for a detached attachment, the old entry with the revision of
    /// the change. It waits only for the host's control lock: never for a script, and never for a disk.
    ///
    /// # Errors
    /// What the change was prepared against no longer holds: [`AttachError::Gone`] or [`AttachError::Stale`] if the
    /// attachment has been detached or changed, [`AttachError::Exists`] if the name has been taken,
    /// [`AttachError::Placement`] or [`AttachError::Order`] if a new policy does not allow the position. Nothing
    /// changed.
    pub fn commit(&self, change: Change) -> Result<Entry, AttachError> {
        self.inner.commit(change)
    }

    /// Takes the host's next revision, for a change that is not made in a chain.
    pub fn next_revision(&self) -> u64 {
        self.inner.next_revision()
    }

    /// Continues to count from a revision of an earlier run, unless the host is already further.
    pub fn continue_from(&self, revision: u64) {
        self.inner.continue_from(revision);
    }
}

/// Events.
impl Operations<'_> {
    /// Emits an event. It never waits; if there are too many events, the oldest are lost.
    pub fn emit(&self, event: Event) {
        self.inner.events.emit(event);
    }

    /// A reader of changes and incidents after event `since`, as far back as they are remembered; 0: of all remembered
    /// ones.
    pub fn history(&self, since: u64) -> EventReader {
        self.inner.events.reader(false, Some(since), None)
    }

    /// A reader of what the call path reports from now on: lines, faults and denials, and the requested calls.
    pub fn live(&self, calls: Option<Sample>) -> EventReader {
        self.inner.events.reader(true, None, calls)
    }

    /// Events that readers lost so far because they were too slow, counted per reader.
    pub fn lost_events(&self) -> u64 {
        self.inner.events.lost()
    }
}

//! Prepares and commits changes (change.rs defines them).
//!
//! Loading takes time and can fail; it happens before anything is locked. Preparing computes the change under the
//! host's control lock and releases it. Committing checks under the same lock that what the change was prepared against
//! still holds, and swaps the hook point's table; it computes nothing again. Calls in flight finish with what they
//! began with.
//!
//! A change of the program's own is prepared and committed under one hold of the lock, so no other change comes in between.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::attachment::Attachment;
use super::change::{Against, Change, ChangeKind, Effect, Intent, Side};
use super::error::{AttachError, Gone};
use super::inner::Inner;
use super::loaded::Loaded;
use super::table::{Entry, Slot};
use crate::id::AttachmentId;
use crate::observe::{Event, EventKind};

/// The hook point of each attachment, which the control lock protects.
type Index = HashMap<AttachmentId, Arc<Slot>>;

impl Inner {
    /// Computes the change for an intent, in the current state.
    pub fn prepare(&self, intent: Intent, against: Against<'_>) -> Result<Change, AttachError> {
        let index = self.control.lock();
        self.prepare_with(&index, &intent, against)
    }

    /// Makes a prepared change. Returns the new entry; for a detached attachment, the old entry with the revision of
    /// the change.
    pub fn commit(&self, mut change: Change) -> Result<Entry, AttachError> {
        let mut index = self.control.lock();
        self.check(&index, &change)?;
        Ok(self.make(&mut index, &mut change))
    }

    /// Prepares and commits with no other change in between.
    pub fn change(&self, intent: Intent, against: Against<'_>) -> Result<Entry, AttachError> {
        // The change is dropped after the guard, so that what it replaces is torn down without the lock.
        let mut change;
        let mut index = self.control.lock();
        change = self.prepare_with(&index, &intent, against)?;
        Ok(self.make(&mut index, &mut change))
    }

    pub fn detach(&self, id: AttachmentId) -> Result<(), Gone> {
        self.change(Intent::Detach(id), Against::default()).map(drop).map_err(|_| Gone(id))
    }

    /// Assigns a revision to the change, unless it has one; returns it.
    pub fn assign(&self, change: &mut Change) -> u64 {
        change.assign(|| self.next_revision())
    }

    pub fn next_revision(&self) -> u64 {
        self.revision.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Continues to count from a revision of an earlier run.
    pub fn continue_from(&self, revision: u64) {
        self.revision.fetch_max(revision, Ordering::Relaxed);
    }

    fn prepare_with(&self, index: &Index, intent: &Intent, against: Against<'_>) -> Result<Change, AttachError> {
        let current = |id: AttachmentId| current(index, id, against.revision);
        let (kind, effect) = match intent {
            Intent::Attach(loaded) | Intent::Restore(loaded, _) => {
                (ChangeKind::Attach, self.put_new(index, loaded, None)?)
            }
            Intent::Replace(loaded) => {
                let (slot, id) = (&loaded.slot, loaded.attachment.id);
                let before = current(id)?;
                if !Arc::ptr_eq(&before.slot, slot) {
                    return Err(Gone(id).into());
                }
                check_free(index, slot, &loaded.attachment, Some(&before))?;
                let entry = slot.look(|entries| self.entry_instead(loaded, &before.entry, entries))?;
                (ChangeKind::Replace, before.becomes(entry))
            }
            Intent::Relocate(loaded, from) => {
                let before = current(*from)?;
                (ChangeKind::Relocate, self.put_new(index, loaded, Some(before))?)
            }
            Intent::Detach(id) => (ChangeKind::Detach, Effect::Take(current(*id)?)),
            Intent::Enable(id, enabled) => {
                let before = current(*id)?;
                let entry = Entry { enabled: *enabled, ..before.entry.clone() };
                (if *enabled { ChangeKind::Enable } else { ChangeKind::Disable }, before.becomes(entry))
            }
            Intent::Reorder(id, position) => {
                let before = current(*id)?;
                let (slot, attachment) = (&before.slot, &before.entry.attachment);
                let (order, rank) = slot.look(|entries| self.settle(slot, attachment, Some(*position), entries))?;
                let entry = Entry { order, rank, ..before.entry.clone() };
                (ChangeKind::Reorder, before.becomes(entry))
            }
        };
        let change = Change::new(kind, effect, against.by);
        Ok(match intent {
            Intent::Restore(_, earlier) => change.repeats(earlier),
            _ => change,
        })
    }

    /// The change for a new attachment. It may have the name of the one that it replaces.
    fn put_new(&self, index: &Index, loaded: &Loaded, before: Option<Side>) -> Result<Effect, AttachError> {
        let slot = Arc::clone(&loaded.slot);
        check_free(index, &slot, &loaded.attachment, before.as_ref())?;
        let entry = slot.look(|entries| self.entry(loaded, entries))?;
        Ok(Effect::Put { after: Side { slot, entry }, before })
    }

    /// Checks that what the change was prepared against still holds: the attachment's revision, the free name, and that
    /// the policy allows the tenant this position.
    fn check(&self, index: &Index, change: &Change) -> Result<(), AttachError> {
        if let Some(before) = change.before() {
            current(index, before.attachment.id, Some(before.revision))?;
        }
        if let Effect::Put { after: Side { slot, entry }, before } = &change.effect {
            check_free(index, slot, &entry.attachment, before.as_ref())?;
            if change.kind.places() {
                self.check_place(slot, &entry.attachment, entry.order)?;
            }
        }
        Ok(())
    }

    /// Makes a change that has been checked.
    fn make(&self, index: &mut Index, change: &mut Change) -> Entry {
        let revision = self.assign(change);
        let by = change.by.as_deref();
        match &change.effect {
            Effect::Put { after: Side { slot, entry }, before } => {
                let id = entry.attachment.id;
                slot.change(|entries| {
                    if let Some(before) = before {
                        entries.remove(before.entry.attachment.id);
                    }
                    entries.insert(entry.clone());
                });
                index.insert(id, Arc::clone(slot));
                self.emit(change.kind.event(entry), entry, by);
                // A relocated attachment is at both hook points for a moment, and at no moment at neither.
                if let Some(before) = before.as_ref().filter(|before| before.entry.attachment.id != id) {
                    self.take(index, before, revision, by);
                }
                entry.clone()
            }
            Effect::Take(before) => self.take(index, before, revision, by),
        }
    }

    /// Takes an entry out; returns the old entry with the revision of the change.
    fn take(&self, index: &mut Index, before: &Side, revision: u64, by: Option<&str>) -> Entry {
        let id = before.entry.attachment.id;
        before.slot.change(|entries| entries.remove(id));
        index.remove(&id);
        let gone = Entry { revision, ..before.entry.clone() };
        self.emit(EventKind::Detached, &gone, by);
        gone
    }

    fn emit(&self, kind: EventKind, entry: &Entry, by: Option<&str>) {
        let subject = entry.attachment.context.subject.clone();
        self.events.emit(Event::new(kind).about(subject).at(entry.revision).by(by));
    }
}

/// The attachment with this id, if it is at that revision.
fn current(index: &Index, id: AttachmentId, revision: Option<u64>) -> Result<Side, AttachError> {
    let slot = index.get(&id).cloned().ok_or(Gone(id))?;
    let entry = slot.find(id).ok_or(Gone(id))?;
    match revision {
        Some(revision) if revision != entry.revision => Err(entry.stale(revision)),
        _ => Ok(Side { slot, entry }),
    }
}

/// Checks that an attachment can be put in: it is not in a chain already, and no other attachment of the tenant has its
/// name there, except the one that it replaces.
fn check_free(
    index: &Index,
    slot: &Slot,
    attachment: &Attachment,
    instead_of: Option<&Side>,
) -> Result<(), AttachError> {
    let goes = instead_of.map(|side| side.entry.attachment.id);
    let (tenant, name) = (attachment.tenant(), &attachment.name);
    let same_name = slot.look(|entries| entries.named(tenant, name)).is_some_and(|other| Some(other) != goes);
    let same_id = index.contains_key(&attachment.id) && Some(attachment.id) != goes;
    if same_name || same_id {
        let (tenant, name) = (tenant.to_owned(), name.clone());
        return Err(AttachError::Exists { hook: slot.declaration.name.clone(), tenant, name });
    }
    Ok(())
}

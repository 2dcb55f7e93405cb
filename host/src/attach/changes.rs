//! Attach, replace, detach, enable, disable, reorder.
//!
//! Loading takes time and can fail; it happens before anything is locked. The change itself is a swap of the hook point's
//! table under the host's control lock. Calls in flight finish on what they began with.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use tenterhook_policies::Place;

use super::attachment::Attachment;
use super::error::{AttachError, Gone};
use super::inner::Inner;
use super::position::Position;
use super::request::Request;
use super::table::{Entries, Entry, Slot};
use crate::id::AttachmentId;
use crate::observe::{Event, EventKind};

/// What a change is made against, and by whom.
#[derive(Debug, Clone, Copy, Default)]
pub struct Against<'a> {
    /// The attachment's revision; another one is refused.
    pub revision: Option<u64>,
    /// The revision that the change is to have, taken before; the next one unless given.
    pub assign: Option<u64>,
    /// When it is made; now unless given.
    pub at: Option<SystemTime>,
    /// Who makes it, such as `uid 1000`; `None`: the program itself.
    pub by: Option<&'a str>,
    /// Who made it in an earlier run, where it is one that is made again.
    pub author: Option<&'a str>,
}

impl Against<'_> {
    /// The entry as the change leaves it.
    fn sign(&self, entry: &mut Entry) {
        entry.changed = self.at.unwrap_or_else(SystemTime::now);
        entry.by = self.author.or(self.by).map(Arc::from);
    }
}

/// A loaded attachment that is in no chain yet.
#[derive(Clone)]
pub struct Loaded {
    /// The hook point that it is for.
    pub slot: Arc<Slot>,
    /// The attachment.
    pub attachment: Arc<Attachment>,
    /// Where in the chain it is to be put; `None`: last of order 0, or of the nearest that the policy allows.
    pub position: Option<Position>,
    /// Whether calls are to reach it.
    pub enabled: bool,
    /// Whether operators attach it, rather than the program.
    pub managed: bool,
    /// Its place among those of the same order, where it had one before; the last unless given.
    pub rank: Option<u128>,
}

impl Inner {
    /// Loads what is asked for. What an attachment of that id has is not counted twice: this one takes its place.
    pub fn prepare(&self, request: Request, id: AttachmentId) -> Result<Loaded, AttachError> {
        let slot = self.slot(&request.hook)?;
        let (position, enabled) = (request.position, request.enabled);
        // On another tenant's account there is nothing to put in the place of.
        let old = slot.find(id).map(|entry| entry.attachment).filter(|old| old.tenant() == request.tenant);
        let instead_of = old.as_ref().map(|old| &old.claim);
        let attachment = Arc::new(self.load(&slot, request, id, instead_of)?);
        Ok(Loaded { slot, attachment, position, enabled, managed: false, rank: None })
    }

    /// The entry that a loaded attachment becomes.
    pub fn entry(&self, loaded: &Loaded, entries: &Entries) -> Result<Entry, AttachError> {
        let (order, rank) = self.settle(&loaded.slot, &loaded.attachment, loaded.position, entries)?;
        Ok(Entry {
            attachment: Arc::clone(&loaded.attachment),
            order,
            rank: loaded.rank.unwrap_or(rank),
            enabled: loaded.enabled,
            revision: 0,
            changed: SystemTime::now(),
            by: None,
            managed: loaded.managed,
        })
    }

    /// Order and rank for a position, if the policy lets the tenant there.
    fn settle(
        &self,
        slot: &Slot,
        of: &Attachment,
        position: Option<Position>,
        entries: &Entries,
    ) -> Result<(i32, u128), AttachError> {
        let (hook, tenant) = (&slot.declaration.name, of.tenant());
        let (band, origin) = match self.policy.load().place(tenant, hook) {
            Place::Band(band, origin) => (band, origin),
            Place::Refused(origin) => {
                let (tenant, hook) = (tenant.to_owned(), hook.clone());
                return Err(AttachError::Placement { tenant, hook, origin: Box::new(origin) });
            }
        };
        let beside = |other: AttachmentId, after: bool| match entries.beside(other, after, Some(of.id)) {
            None => Err(AttachError::Gone(Gone(other))),
            Some(None) => Err(AttachError::NoRoom { beside: other }),
            Some(Some(settled)) => Ok(settled),
        };
        let (order, rank) = match position {
            None => {
                let order = band.nearest(0);
                (order, entries.last_rank(order))
            }
            Some(Position::Order(order)) => (order, entries.last_rank(order)),
            Some(Position::Before(other)) => beside(other, false)?,
            Some(Position::After(other)) => beside(other, true)?,
        };
        match origin {
            Some(origin) if !band.contains(order) => Err(AttachError::Order {
                order,
                min: band.min,
                max: band.max,
                tenant: tenant.to_owned(),
                hook: hook.clone(),
                origin: Box::new(origin),
            }),
            _ => Ok((order, rank)),
        }
    }

    /// Where the change would put it, if nothing is in its way.
    pub fn can_insert(&self, loaded: &Loaded) -> Result<Entry, AttachError> {
        loaded.slot.look(|entries| {
            check_free(&loaded.slot, &loaded.attachment, entries)?;
            self.entry(loaded, entries)
        })
    }

    /// Puts a loaded attachment into its chain.
    pub fn insert(&self, loaded: Loaded, against: Against<'_>) -> Result<Entry, AttachError> {
        let mut index = self.control.lock();
        let slot = &loaded.slot;
        let mut entry = self.can_insert(&loaded)?;
        entry.revision = self.revision_for(against);
        against.sign(&mut entry);
        slot.change(|entries| entries.insert(entry.clone()));
        index.insert(entry.attachment.id, Arc::clone(slot));
        self.emit(EventKind::Attached { order: entry.order }, &entry, against.by);
        Ok(entry)
    }

    /// The entry that would take the place of `old`: with its order and rank unless the request asks for others. The policy
    /// may have become another one since, so it is asked of the old place too.
    pub fn can_exchange(&self, loaded: &Loaded, old: &Entry) -> Result<Entry, AttachError> {
        let Loaded { slot, attachment, position, .. } = loaded;
        slot.look(|entries| {
            check_free(slot, attachment, entries)?;
            let settled =
                self.settle(slot, attachment, Some(position.unwrap_or(Position::Order(old.order))), entries)?;
            // The order that it has already is no move behind the others of that order.
            let stays = position.is_none() || *position == Some(Position::Order(old.order));
            let (order, rank) = if stays { (old.order, old.rank) } else { settled };
            Ok(Entry { attachment: Arc::clone(attachment), order, rank, ..old.clone() })
        })
    }

    /// Puts a loaded attachment in the place of the one that has its id.
    pub fn exchange(&self, loaded: Loaded, against: Against<'_>) -> Result<Entry, AttachError> {
        let _index = self.control.lock();
        let old = current(&loaded.slot, loaded.attachment.id, against)?;
        let mut entry = self.can_exchange(&loaded, &old)?;
        entry.revision = self.revision_for(against);
        against.sign(&mut entry);
        loaded.slot.change(|entries| {
            entries.remove(entry.attachment.id);
            entries.insert(entry.clone());
        });
        self.emit(EventKind::Replaced, &entry, against.by);
        Ok(entry)
    }

    pub fn detach(&self, id: AttachmentId) -> Result<(), Gone> {
        self.remove(id, Against::default()).map(drop).map_err(|_| Gone(id))
    }

    /// Takes an attachment out of its chain; the revision that the host is at then.
    pub fn remove(&self, id: AttachmentId, against: Against<'_>) -> Result<u64, AttachError> {
        let mut index = self.control.lock();
        let slot = index.get(&id).cloned().ok_or(Gone(id))?;
        let mut entry = current(&slot, id, against)?;
        entry.revision = self.revision_for(against);
        slot.change(|entries| entries.remove(id));
        index.remove(&id);
        self.emit(EventKind::Detached, &entry, against.by);
        Ok(entry.revision)
    }

    pub fn set_enabled(&self, id: AttachmentId, enabled: bool, against: Against<'_>) -> Result<Entry, AttachError> {
        let kind = if enabled { EventKind::Enabled } else { EventKind::Disabled };
        self.alter(id, against, |_, entry, _| {
            entry.enabled = enabled;
            Ok(kind)
        })
    }

    pub fn reorder(&self, id: AttachmentId, position: Position, against: Against<'_>) -> Result<Entry, AttachError> {
        self.alter(id, against, |slot, entry, entries| {
            (entry.order, entry.rank) = self.settle(slot, &entry.attachment, Some(position), entries)?;
            Ok(EventKind::Reordered { order: entry.order })
        })
    }

    /// The entry that a reorder would make.
    pub fn can_reorder(&self, id: AttachmentId, position: Position) -> Result<Entry, AttachError> {
        let slot = self.slot_of(id).ok_or(Gone(id))?;
        slot.look(|entries| {
            let mut entry = entries.find(id).cloned().ok_or(Gone(id))?;
            (entry.order, entry.rank) = self.settle(&slot, &entry.attachment, Some(position), entries)?;
            Ok(entry)
        })
    }

    fn alter(
        &self,
        id: AttachmentId,
        against: Against<'_>,
        change: impl FnOnce(&Slot, &mut Entry, &Entries) -> Result<EventKind, AttachError>,
    ) -> Result<Entry, AttachError> {
        let index = self.control.lock();
        let slot = index.get(&id).cloned().ok_or(Gone(id))?;
        let mut entry = current(&slot, id, against)?;
        let kind = slot.look(|entries| change(&slot, &mut entry, entries))?;
        entry.revision = self.revision_for(against);
        against.sign(&mut entry);
        slot.change(|entries| {
            entries.remove(id);
            entries.insert(entry.clone());
        });
        self.emit(kind, &entry, against.by);
        Ok(entry)
    }

    pub fn next_revision(&self) -> u64 {
        self.revision.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn revision_for(&self, against: Against<'_>) -> u64 {
        against.assign.unwrap_or_else(|| self.next_revision())
    }

    /// Goes on counting from a revision of an earlier run.
    pub fn continue_from(&self, revision: u64) {
        self.revision.fetch_max(revision, Ordering::Relaxed);
    }

    fn emit(&self, kind: EventKind, entry: &Entry, by: Option<&str>) {
        let subject = entry.attachment.context.subject.clone();
        self.events.emit(Event::new(kind).about(subject).at(entry.revision).by(by));
    }
}

/// The entry that a change was made against.
fn current(slot: &Slot, id: AttachmentId, against: Against<'_>) -> Result<Entry, AttachError> {
    let entry = slot.find(id).ok_or(Gone(id))?;
    match against.revision {
        Some(revision) if revision != entry.revision => Err(entry.stale(revision)),
        _ => Ok(entry),
    }
}

/// Whether no other attachment has the name.
fn check_free(slot: &Slot, attachment: &Attachment, entries: &Entries) -> Result<(), AttachError> {
    match entries.named(attachment.tenant(), &attachment.name) {
        Some(other) if other != attachment.id => Err(AttachError::Exists {
            hook: slot.declaration.name.clone(),
            tenant: attachment.tenant().to_owned(),
            name: attachment.name.clone(),
        }),
        _ => Ok(()),
    }
}

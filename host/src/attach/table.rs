//! A hook point's attachments, in order: one atomic load to read, one atomic swap to change.
//!
//! ```text
//! Entries   all attachments with their order and whether they are enabled; only changes look at it, behind a lock
//!   └─ Table   the enabled ones, as calls find them; and whether one that is required is missing
//! ```

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use arc_swap::Guard;
use parking_lot::Mutex;
use tenterhook_hooks::schema::{Declaration, Required};

use super::attachment::{Attachment, AttachmentInfo};
use super::error::AttachError;
use super::last_change::LastChange;
use super::published::Published;
use super::requirement::{Closed, Requirement};
use crate::id::AttachmentId;
use crate::observe::{AttachmentStats, Counted, Event, EventKind, Events, Subject};

/// What an invocation needs.
#[derive(Default)]
pub(crate) struct Table {
    /// Enabled attachments in the order they run in.
    pub chain: Vec<Arc<Attachment>>,
    /// What the hook point requires, if it requires anything.
    pub requirement: Option<Arc<Requirement>>,
    /// The missing required attachments: then no attachment is called.
    pub closed: Option<Arc<Closed>>,
}

/// An attachment and its properties that can change while its script stays.
#[derive(Clone)]
pub struct Entry {
    /// The loaded script.
    pub attachment: Arc<Attachment>,
    /// Lower runs earlier.
    pub order: i32,
    /// Its rank among equal orders.
    pub rank: u128,
    /// Whether it is called.
    pub enabled: bool,
    /// The host's revision at its last change.
    pub revision: u64,
    /// When the last change was made.
    pub changed: SystemTime,
    /// Who made the last change; the program if there is no name.
    pub by: Option<Arc<str>>,
    /// Whether operators attached it.
    pub managed: bool,
}

/// The rank of the first attachment of an order, and its distance from the next: this leaves room for 2^63 before it,
/// and for halving 64 times in between.
pub(crate) const FIRST_RANK: u128 = 1 << 127;
const RANK_STEP: u128 = 1 << 64;

/// A declared hook point of a host, and its attachments.
pub struct Slot {
    /// Its declaration.
    pub declaration: Arc<Declaration>,
    /// The size of the fixed part of its argument buffer, kept because computing it takes a walk over all types.
    pub(crate) head: usize,
    /// Active: something is attached, or the hook point is closed.
    published: Published<Table>,
    entries: Mutex<Entries>,
    /// Invocations that gave the closed result.
    closed: AtomicU64,
    events: Arc<Events>,
}

/// A hook point's attachments, ascending by order and rank.
#[derive(Default)]
pub(crate) struct Entries {
    sorted: Vec<Entry>,
    requirement: Option<Arc<Requirement>>,
    /// Tenant → name → attachment.
    names: HashMap<String, HashMap<String, AttachmentId>>,
}

impl Slot {
    /// Creates a hook point without attachments, which is closed if it requires any.
    pub(crate) fn new(
        declaration: Arc<Declaration>,
        requirement: Option<Arc<Requirement>>,
        events: &Arc<Events>,
    ) -> Slot {
        let slot = Slot {
            head: declaration.head(),
            declaration,
            published: Published::new(Table::default()),
            entries: Mutex::new(Entries::default()),
            closed: AtomicU64::new(0),
            events: Arc::clone(events),
        };
        slot.require(requirement);
        slot
    }

    /// Sets another requirement, from the next invocation on. Callers hold the host's control lock.
    pub(crate) fn require(&self, requirement: Option<Arc<Requirement>>) {
        self.change(|entries| entries.requirement = requirement);
    }

    /// Counts an invocation that gave the closed result.
    #[cold]
    pub(crate) fn count_closed(&self) {
        self.closed.fetch_add(1, Ordering::Relaxed);
    }

    /// Invocations that gave the closed result so far.
    pub(crate) fn closed_invocations(&self) -> u64 {
        self.closed.load(Ordering::Relaxed)
    }

    #[inline]
    pub(crate) fn is_active(&self) -> bool {
        self.published.is_active()
    }

    #[inline]
    pub(crate) fn table(&self) -> Guard<Arc<Table>> {
        self.published.table()
    }

    /// Changes the entries, and swaps the table accordingly. Callers hold the host's control lock, so changes do not
    /// overlap.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Entries) -> T) -> T {
        let mut entries = self.entries.lock();
        let result = change(&mut entries);
        let enabled = entries.sorted.iter().filter(|entry| entry.enabled);
        let chain: Vec<Arc<Attachment>> = enabled.map(|entry| Arc::clone(&entry.attachment)).collect();
        let requirement = entries.requirement.clone();
        let closed = requirement.as_ref().and_then(|requirement| requirement.closed_by(|of| entries.enabled(of)));
        let active = !chain.is_empty() || closed.is_some();
        let before = self.published.publish(Table { chain, requirement, closed: closed.clone() }, active);
        if before.closed != closed {
            self.report(before.closed.as_deref(), closed.as_deref());
        }
        result
    }

    /// Reports that the hook point is closed, or open again.
    fn report(&self, before: Option<&Closed>, now: Option<&Closed>) {
        // The event is about one of the attachments, so that its tenant's operators see it.
        let Some(about) = now.or(before).and_then(|closed| closed.missing.first()) else { return };
        let subject = Subject {
            tenant: about.tenant.as_str().into(),
            attachment: about.name.as_str().into(),
            hook: self.declaration.name.as_str().into(),
            id: None,
        };
        let kind = match now {
            Some(closed) => EventKind::Closed { message: closed.to_string().into() },
            None => EventKind::Opened,
        };
        tracing::info!(target: "tenterhook::control", hook = self.declaration.name, "{}", kind.name());
        self.events.emit(Event::new(kind).about(subject));
    }

    /// Passes the entries to `look`.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Entries) -> T) -> T {
        look(&self.entries.lock())
    }

    /// The attachment with this id.
    pub fn find(&self, id: AttachmentId) -> Option<Entry> {
        self.look(|entries| entries.find(id).cloned())
    }

    /// The attachment of that tenant and name.
    pub fn named(&self, tenant: &str, name: &str) -> Option<Entry> {
        self.look(|entries| entries.find(entries.named(tenant, name)?).cloned())
    }

    /// The place in the chain, from 1, of the attachment with this id.
    pub fn position(&self, id: AttachmentId) -> Option<usize> {
        self.look(|entries| entries.sorted.iter().position(|entry| entry.attachment.id == id).map(|at| at + 1))
    }

    /// The entries for which `wanted` returns true, in order, including disabled ones. Nothing changes while it runs.
    pub fn entries(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        self.look(|entries| entries.sorted.iter().filter(|entry| wanted(entry)).cloned().collect())
    }

    /// The number of these entries.
    pub fn count(&self, wanted: impl Fn(&Entry) -> bool) -> usize {
        self.look(|entries| entries.sorted.iter().filter(|entry| wanted(entry)).count())
    }

    /// Those tenants' attachments, in order.
    pub(crate) fn attachments(&self, wanted: impl Fn(&str) -> bool) -> Vec<Arc<Attachment>> {
        self.look(|entries| {
            let all = entries.sorted.iter().map(|entry| &entry.attachment);
            all.filter(|attachment| wanted(attachment.tenant())).map(Arc::clone).collect()
        })
    }

    /// The statistics of the attachments of these tenants, in order.
    pub fn stats(&self, wanted: impl Fn(&str) -> bool) -> Vec<AttachmentStats> {
        // Adding up takes time, so it is done without the lock, and only for these.
        let entries = self.entries(|entry| wanted(entry.attachment.tenant()));
        entries.iter().map(|entry| entry.stats(&self.declaration)).collect()
    }

    /// Every attachment, as listings show it, in order.
    pub fn infos(&self) -> Vec<AttachmentInfo> {
        let entries = self.entries.lock().sorted.clone();
        (1..).zip(&entries).map(|(position, entry)| entry.info(&self.declaration.name, position)).collect()
    }
}

impl Entries {
    pub fn find(&self, id: AttachmentId) -> Option<&Entry> {
        self.sorted.iter().find(|entry| entry.attachment.id == id)
    }

    /// The attachment of that tenant and name.
    pub fn named(&self, tenant: &str, name: &str) -> Option<AttachmentId> {
        self.names.get(tenant)?.get(name).copied()
    }

    /// Whether the attachment is enabled; `None` if it is not attached.
    pub fn enabled(&self, of: &Required) -> Option<bool> {
        self.find(self.named(&of.tenant, &of.name)?).map(|entry| entry.enabled)
    }

    /// Inserts an entry in order.
    pub fn insert(&mut self, entry: Entry) {
        let of = self.names.entry(entry.attachment.tenant().to_owned()).or_default();
        of.insert(entry.attachment.name.clone(), entry.attachment.id);
        let at = self.sorted.partition_point(|other| (other.order, other.rank) <= (entry.order, entry.rank));
        self.sorted.insert(at, entry);
    }

    pub fn remove(&mut self, id: AttachmentId) -> Option<Entry> {
        let at = self.sorted.iter().position(|entry| entry.attachment.id == id)?;
        let entry = self.sorted.remove(at);
        if let Some(of) = self.names.get_mut(entry.attachment.tenant()) {
            of.remove(&entry.attachment.name);
            if of.is_empty() {
                self.names.remove(entry.attachment.tenant());
            }
        }
        Some(entry)
    }

    /// The rank after all entries of that order.
    pub fn last_rank(&self, order: i32) -> u128 {
        let end = self.sorted.partition_point(|entry| entry.order <= order);
        match end.checked_sub(1).map(|at| &self.sorted[at]) {
            Some(last) if last.order == order => last.rank.saturating_add(RANK_STEP),
            _ => FIRST_RANK,
        }
    }

    /// Order and rank directly before or directly after another attachment, ignoring `moved`. `None` if there is no
    /// such attachment; `Some(None)` if there is no room beside it.
    pub fn beside(&self, other: AttachmentId, after: bool, moved: Option<AttachmentId>) -> Option<Option<(i32, u128)>> {
        let others: Vec<&Entry> = self.sorted.iter().filter(|entry| Some(entry.attachment.id) != moved).collect();
        let at = others.iter().position(|entry| entry.attachment.id == other)?;
        let of = others[at];
        let neighbour = if after { others.get(at + 1) } else { at.checked_sub(1).and_then(|at| others.get(at)) };
        let rank = match neighbour.filter(|entry| entry.order == of.order) {
            Some(neighbour) => {
                let (low, high) = (of.rank.min(neighbour.rank), of.rank.max(neighbour.rank));
                Some(low + (high - low) / 2).filter(|rank| *rank != low)
            }
            None if after => of.rank.checked_add(RANK_STEP),
            None => of.rank.checked_sub(RANK_STEP),
        };
        Some(rank.map(|rank| (of.order, rank)))
    }
}

impl Entry {
    /// The error for a change that was made against another revision.
    pub fn stale(&self, revision: u64) -> AttachError {
        AttachError::Stale { revision, current: self.revision, last: self.last_change() }
    }

    /// Who made the last change, and when.
    pub fn last_change(&self) -> LastChange {
        LastChange { at: self.changed, by: self.by.as_deref().map(str::to_owned) }
    }

    /// The statistics of its calls so far; `of` is the declaration of its hook point.
    pub fn stats(&self, of: &Declaration) -> AttachmentStats {
        let attachment = &self.attachment;
        let counted = Counted {
            id: attachment.id,
            tenant: attachment.tenant(),
            name: &attachment.name,
            enabled: self.enabled,
            declaration: of,
        };
        attachment.lineage.snapshot(&attachment.stats, attachment.is_first, counted)
    }

    /// The attachment as listings show it, at that hook point and place.
    pub fn info(&self, hook: &str, position: usize) -> AttachmentInfo {
        let attachment = &self.attachment;
        AttachmentInfo {
            id: attachment.id,
            hook: hook.to_owned(),
            name: attachment.name.clone(),
            tenant: attachment.tenant().to_owned(),
            script: attachment.context.script.clone(),
            modules: attachment.bundle.modules.keys().cloned().collect(),
            order: self.order,
            position,
            enabled: self.enabled,
            managed: self.managed,
            revision: self.revision,
            changed: self.changed,
            by: self.by.as_deref().map(str::to_owned),
            state: attachment.state,
            sha256: attachment.sha256.clone(),
            rules: attachment.rules.clone(),
            quarantine: attachment.gate.quarantined(),
            image_bytes: attachment.image.footprint(),
            memory_bytes: attachment.image.memory_size(),
        }
    }
}

//! Changes: an intent, and the prepared change that results from it.
//!
//! ```text
//! Intent ─ Inner::prepare ─▶ Change { before, after } ─ a journal may write it down ─▶ Inner::commit ─▶ table, event
//! ```
//!
//! A change is computed once, when it is prepared. It holds no lock: another change may come in between, and `commit`
//! rejects the later of the two.

use std::sync::Arc;
use std::time::SystemTime;

use super::loaded::Loaded;
use super::position::Position;
use super::table::{Entry, Slot};
use crate::id::AttachmentId;
use crate::observe::EventKind;

/// What a caller intends to do with an attachment.
#[derive(Clone)]
pub enum Intent {
    /// Puts a loaded attachment into its chain.
    Attach(Loaded),
    /// Puts a loaded attachment into its chain as an earlier run of the program left it.
    Restore(Loaded, Earlier),
    /// Replaces the attachment with the same id by a loaded one. It keeps order and rank, unless it was loaded for
    /// another position.
    Replace(Loaded),
    /// Puts a loaded attachment into its chain and takes the one of this id out of another, as one change. The two may have
    /// the same name.
    Relocate(Loaded, AttachmentId),
    /// Takes an attachment out of its chain.
    Detach(AttachmentId),
    /// Enables or disables an attachment.
    Enable(AttachmentId, bool),
    /// Moves an attachment within its chain.
    Reorder(AttachmentId, Position),
}

/// The last change of an attachment in an earlier run of the program.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// The host's revision then.
    pub revision: u64,
    /// When it was made; `None`: unknown, so it counts as made now.
    pub at: Option<SystemTime>,
    /// Who made it, such as `uid 1000`; `None`: the program itself.
    pub by: Option<String>,
}

/// What a change is made against, and on whose behalf.
#[derive(Debug, Clone, Copy, Default)]
pub struct Against<'a> {
    /// The revision of the attachment that the change is about; an attachment at another one is not changed. `None`: any.
    pub revision: Option<u64>,
    /// Who makes the change, such as `uid 1000`; `None`: the program itself.
    pub by: Option<&'a str>,
}

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// A new attachment.
    Attach,
    /// A new script for an attachment.
    Replace,
    /// An attachment that replaces one at another hook point.
    Relocate,
    /// The end of an attachment.
    Detach,
    /// Enabling of an attachment.
    Enable,
    /// Disabling of an attachment.
    Disable,
    /// Another position in the chain.
    Reorder,
}

/// An entry, and the hook point whose chain it is in.
#[derive(Clone)]
pub(super) struct Side {
    pub slot: Arc<Slot>,
    pub entry: Entry,
}

impl Side {
    /// The effect of replacing this entry by another one.
    pub fn becomes(self, entry: Entry) -> Effect {
        Effect::Put { after: Side { slot: Arc::clone(&self.slot), entry }, before: Some(self) }
    }
}

/// The effect of a change on the chains.
pub(super) enum Effect {
    /// Puts an entry in, and takes out the one that it replaces.
    Put { after: Side, before: Option<Side> },
    /// Takes an entry out.
    Take(Side),
}

/// A prepared change: its effect is determined, and nothing is done yet. Dropping it leaves no trace, except that an
/// assigned revision stays used up.
#[must_use = "a prepared change does nothing until it is committed"]
pub struct Change {
    pub(super) kind: ChangeKind,
    pub(super) effect: Effect,
    pub(super) by: Option<Arc<str>>,
    /// The host's revision from this change on, as soon as one is assigned.
    revision: Option<u64>,
}

impl Change {
    pub(super) fn new(kind: ChangeKind, mut effect: Effect, by: Option<&str>) -> Change {
        let by: Option<Arc<str>> = by.map(Arc::from);
        if let Effect::Put { after, .. } = &mut effect {
            after.entry.by.clone_from(&by);
        }
        Change { kind, effect, by, revision: None }
    }

    /// Makes the change repeat one of an earlier run.
    pub(super) fn repeats(mut self, earlier: &Earlier) -> Change {
        self.assign(|| earlier.revision);
        if let Effect::Put { after: Side { entry, .. }, .. } = &mut self.effect {
            entry.changed = earlier.at.unwrap_or(entry.changed);
            entry.by = earlier.by.as_deref().map(Arc::from);
        }
        self
    }

    /// Assigns the revision that `next` returns, unless there is one; returns the current one.
    pub(super) fn assign(&mut self, next: impl FnOnce() -> u64) -> u64 {
        if let Some(revision) = self.revision {
            return revision;
        }
        let revision = next();
        self.revision = Some(revision);
        if let Effect::Put { after: Side { entry, .. }, .. } = &mut self.effect {
            entry.revision = revision;
            entry.changed = SystemTime::now();
        }
        revision
    }

    /// The kind of the change.
    pub fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// The hook point that the attachment is at after the change; the one that it is taken from, if the change detaches it.
    pub fn slot(&self) -> &Arc<Slot> {
        match &self.effect {
            Effect::Put { after: Side { slot, .. }, .. } | Effect::Take(Side { slot, .. }) => slot,
        }
    }

    /// The entry that the change was prepared against; `None` for a new attachment.
    pub fn before(&self) -> Option<&Entry> {
        match &self.effect {
            Effect::Put { before, .. } => before.as_ref().map(|side| &side.entry),
            Effect::Take(before) => Some(&before.entry),
        }
    }

    /// The entry as the change leaves it, with the revision and the time of this change once a revision is assigned;
    /// `None` if it detaches.
    pub fn after(&self) -> Option<&Entry> {
        match &self.effect {
            Effect::Put { after, .. } => Some(&after.entry),
            Effect::Take(_) => None,
        }
    }
}

impl ChangeKind {
    /// Whether the change puts the attachment at a position that the policy has to allow.
    pub(super) fn places(self) -> bool {
        match self {
            ChangeKind::Attach | ChangeKind::Replace | ChangeKind::Relocate | ChangeKind::Reorder => true,
            ChangeKind::Detach | ChangeKind::Enable | ChangeKind::Disable => false,
        }
    }

    /// The event that reports the change of this entry.
    pub(super) fn event(self, entry: &Entry) -> EventKind {
        match self {
            ChangeKind::Attach | ChangeKind::Relocate => EventKind::Attached { order: entry.order },
            ChangeKind::Replace => EventKind::Replaced,
            ChangeKind::Detach => EventKind::Detached,
            ChangeKind::Enable => EventKind::Enabled,
            ChangeKind::Disable => EventKind::Disabled,
            ChangeKind::Reorder => EventKind::Reordered { order: entry.order },
        }
    }
}

//! A loaded attachment that is in no chain yet, and where in its chain it would go.

use std::sync::Arc;
use std::time::SystemTime;

use tenterhook_policies::{Orders, Origin, Place};

use super::attachment::Attachment;
use super::error::{AttachError, Gone};
use super::inner::Inner;
use super::position::Position;
use super::request::Request;
use super::table::{Entries, Entry, Slot};
use crate::id::AttachmentId;

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
    /// Its rank among those of the same order, where it had one in an earlier run; `None`: the last.
    pub rank: Option<u128>,
}

impl Inner {
    /// Loads what is asked for. What an attachment of that id has is not counted twice: this one takes its place.
    pub fn load_for(&self, request: Request, id: AttachmentId) -> Result<Loaded, AttachError> {
        let slot = self.slot(&request.hook)?;
        let (position, enabled) = (request.position, request.enabled);
        // On another tenant's account there is nothing to put in the place of.
        let old = slot.find(id).map(|entry| entry.attachment).filter(|old| old.tenant() == request.tenant);
        let instead_of = old.as_ref().map(|old| &old.claim);
        let attachment = Arc::new(self.load(&slot, request, id, instead_of)?);
        Ok(Loaded { slot, attachment, position, enabled, managed: false, rank: None })
    }

    /// The entry that a loaded attachment becomes among these; no revision is assigned to it yet.
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

    /// The entry that a loaded attachment becomes in the place of `old`: with its order and rank, unless it was loaded for
    /// another position.
    pub fn entry_instead(&self, loaded: &Loaded, old: &Entry, entries: &Entries) -> Result<Entry, AttachError> {
        let (slot, attachment, position) = (&loaded.slot, &loaded.attachment, loaded.position);
        // The policy may have changed since the old one was attached, so it applies to the old position as well.
        let kept = Position::Order(old.order);
        let settled = self.settle(slot, attachment, Some(position.unwrap_or(kept)), entries)?;
        // An order that the attachment has already does not move it behind the others of that order.
        let stays = position.is_none() || position == Some(kept);
        let (order, rank) = if stays { (old.order, old.rank) } else { settled };
        Ok(Entry { attachment: Arc::clone(attachment), order, rank, ..old.clone() })
    }

    /// Order and rank for a position, if the policy lets the tenant there.
    pub fn settle(
        &self,
        slot: &Slot,
        of: &Attachment,
        position: Option<Position>,
        entries: &Entries,
    ) -> Result<(i32, u128), AttachError> {
        let (band, origin) = self.band(slot, of)?;
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
        check_order(slot, of, order, band, origin)?;
        Ok((order, rank))
    }

    /// Rejects an order where the policy does not let the tenant's attachments be, or be any more.
    pub fn check_place(&self, slot: &Slot, of: &Attachment, order: i32) -> Result<(), AttachError> {
        let (band, origin) = self.band(slot, of)?;
        check_order(slot, of, order, band, origin)
    }

    /// The orders that the policy gives the tenant at the hook point, and where it says so.
    fn band(&self, slot: &Slot, of: &Attachment) -> Result<(Orders, Option<Origin>), AttachError> {
        let (hook, tenant) = (&slot.declaration.name, of.tenant());
        match self.policy.load().place(tenant, hook) {
            Place::Band(band, origin) => Ok((band, origin)),
            Place::Refused(origin) => {
                let (tenant, hook) = (tenant.to_owned(), hook.clone());
                Err(AttachError::Placement { tenant, hook, origin: Box::new(origin) })
            }
        }
    }
}

fn check_order(
    slot: &Slot,
    of: &Attachment,
    order: i32,
    band: Orders,
    origin: Option<Origin>,
) -> Result<(), AttachError> {
    match origin {
        Some(origin) if !band.contains(order) => Err(AttachError::Order {
            order,
            min: band.min,
            max: band.max,
            tenant: of.tenant().to_owned(),
            hook: slot.declaration.name.clone(),
            origin: Box::new(origin),
        }),
        _ => Ok(()),
    }
}

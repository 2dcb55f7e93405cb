//! A loaded attachment that is in no chain yet, and its future place.

use std::sync::Arc;
use std::time::SystemTime;

use tenterhook_policies::{AllowedOrders, Orders, Origin};

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
    /// Its position in the chain; `None`: the last of order 0, or of the nearest order that the policy allows.
    pub position: Option<Position>,
    /// Whether it will be called.
    pub enabled: bool,
    /// Whether operators attach it, rather than the program.
    pub managed: bool,
    /// Its rank among equal orders in an earlier run; `None`: the last.
    pub rank: Option<u128>,
}

impl Inner {
    /// Loads a request. What the attachment with this id has claimed is not counted twice, because this one replaces
    /// it.
    pub fn load_for(&self, request: Request, id: AttachmentId) -> Result<Loaded, AttachError> {
        let slot = self.slot(&request.hook)?;
        let (position, enabled) = (request.position, request.enabled);
        // Under another tenant's account, nothing is replaced.
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

    /// The entry that a loaded attachment becomes in place of `old`: with its order and rank, unless it was loaded for
    /// another position.
    pub fn entry_instead(&self, loaded: &Loaded, old: &Entry, entries: &Entries) -> Result<Entry, AttachError> {
        let (slot, attachment, position) = (&loaded.slot, &loaded.attachment, loaded.position);
        // The policy may have changed since the old one was attached, so it applies to the old position as well.
        let kept = Position::Order(old.order);
        let settled = self.settle(slot, attachment, Some(position.unwrap_or(kept)), entries)?;
        // Requesting the order that the attachment already has does not move it behind the others of that order.
        let stays = position.is_none() || position == Some(kept);
        let (order, rank) = if stays { (old.order, old.rank) } else { settled };
        Ok(Entry { attachment: Arc::clone(attachment), order, rank, ..old.clone() })
    }

    /// The order and rank of a position, if the policy allows it to the tenant.
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

    /// Rejects an order that the policy does not, or no longer, allow to the tenant.
    pub fn check_place(&self, slot: &Slot, of: &Attachment, order: i32) -> Result<(), AttachError> {
        let (band, origin) = self.band(slot, of)?;
        check_order(slot, of, order, band, origin)
    }

    /// The orders that the policy allows the tenant at the hook point, and where they are set.
    fn band(&self, slot: &Slot, of: &Attachment) -> Result<(Orders, Option<Origin>), AttachError> {
        let (hook, tenant) = (&slot.declaration.name, of.tenant());
        match self.policy.load().allowed_orders(tenant, hook) {
            AllowedOrders::Band(band, origin) => Ok((band, origin)),
            AllowedOrders::Refused(origin) => {
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

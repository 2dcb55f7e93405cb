//! The parts of a host: hook points, their attachments, and what their calls share.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arc_swap::ArcSwap;
use parking_lot::{Mutex, RwLock};
use tenterhook_policies::Policy;

use super::error::AttachError;
use super::table::Slot;
use crate::admit::{Executors, Tenants};
use crate::capability::Capability;
use crate::id::AttachmentId;
use crate::observe::Events;

pub(crate) struct Inner {
    pub hooks: RwLock<BTreeMap<String, Arc<Slot>>>,
    pub policy: ArcSwap<Policy>,
    pub capabilities: Vec<Arc<dyn Capability>>,
    /// The executors for calls and loads.
    pub executors: Executors,
    /// The tenants' accounts.
    pub tenants: Tenants,
    /// Held while attachments change: the hook point of each attachment.
    pub control: Mutex<HashMap<AttachmentId, Arc<Slot>>>,
    /// The number of changes.
    pub revision: AtomicU64,
    /// Whether calls are counted.
    pub statistics: bool,
    /// Events, for their readers.
    pub events: Arc<Events>,
}

impl Inner {
    /// Every hook point, by name.
    pub fn slots(&self) -> Vec<Arc<Slot>> {
        self.hooks.read().values().cloned().collect()
    }

    pub fn slot(&self, name: &str) -> Result<Arc<Slot>, AttachError> {
        let hooks = self.hooks.read();
        hooks.get(name).cloned().ok_or_else(|| AttachError::NoHookPoint {
            name: name.to_owned(),
            nearest: tenterhook_hooks::nearest(name, hooks.keys().map(String::as_str)).map(str::to_owned),
        })
    }

    /// The hook point of an attachment.
    pub fn slot_of(&self, id: AttachmentId) -> Option<Arc<Slot>> {
        self.control.lock().get(&id).cloned()
    }
}

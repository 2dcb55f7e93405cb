//! What a change does: checks what it was made against, keeps it in the folder, changes the host.
//!
//! ```text
//! what puts in    attach, replace, enable, order    load ─▶ writing lock ─▶ revision ─▶ folder, synced ─▶ table ─▶ audit
//! what takes out  detach, disable                   table ─▶ the saving thread: folder, synced ─▶ audit
//! ```
//!
//! What puts a script in writes the folder before calls see the change, and fails as a whole where the folder cannot be
//! written. Whoever is killed in between finds the change after the restart; it was not told that it was made, and not
//! that it was not.
//!
//! What takes a script out is in force at once, whatever the disk does and whoever else is writing: an operator can
//! always stop a script. Where it cannot be saved the answer says so, and it is tried until it can (`unsaved.rs`).

use std::io;
use std::sync::Arc;
use std::time::SystemTime;

use tenterhook::operate::{Against, Entry, Loaded, Slot};
use tenterhook::{AttachError, AttachmentId, Position};

use super::caller::Caller;
use super::folder::{REVISION, Record, file_name};
use super::plane::{Found, Plane};
use super::problem::Problem;
use super::unsaved::Change;

impl Plane {
    /// Puts a loaded attachment into its chain, and into the folder.
    pub fn attach(&self, mut loaded: Loaded, by: Caller) -> Result<Found, Problem> {
        loaded.managed = true;
        let _writing = self.write()?;
        let (tenant, name) = (loaded.attachment.tenant().to_owned(), loaded.attachment.name().to_owned());
        if let Some(there) = self.find(&tenant, &name, None).ok().filter(|found| found.entry.managed) {
            let (hook, entry) = (there.hook(), &there.entry);
            let last = entry.last_change();
            let message =
                format!("{tenant} already has an attachment {name}, at {hook}: revision {}, {last}", entry.revision);
            return Err(Problem::new(409, "exists", message).changed(entry.revision, last));
        }
        self.can_keep(&tenant, &name)?;
        self.place_of_broken(&mut loaded);
        let slot = Arc::clone(&loaded.slot);
        let mut entry = self.operate().can_insert(&loaded)?;
        let who = by.to_string();
        let against = self.sign(&mut entry, &who);
        self.keep(&slot, &entry, by)?;
        // Its rank as it was kept: somebody may have come last in between.
        loaded.rank = Some(entry.rank);
        let made = self.operate().insert(loaded, against);
        self.made(slot, &tenant, &name, made, by)
    }

    /// Puts a loaded script in the place of the one that has its id.
    pub fn replace(&self, loaded: Loaded, revision: u64, by: Caller) -> Result<Found, Problem> {
        let again = loaded.clone();
        let (slot, id) = (&again.slot, again.attachment.id());
        // Kept with the order and the rank that it is going to have.
        let changed = |entry: Entry| Ok(self.operate().can_exchange(&again, &entry)?);
        self.change(slot, id, revision, by, changed, |against| self.operate().exchange(loaded, against))
    }

    /// Puts a loaded script at its hook point, and takes away what is at another one under the same name: attached first,
    /// so that whatever fails leaves the old one.
    pub fn relocate(&self, found: &Found, mut loaded: Loaded, by: Caller) -> Result<Found, Problem> {
        loaded.managed = true;
        let _writing = self.write()?;
        current(&found.slot, found.id(), found.entry.revision)?;
        let slot = Arc::clone(&loaded.slot);
        let (tenant, name) = (loaded.attachment.tenant().to_owned(), loaded.attachment.name().to_owned());
        let mut entry = self.operate().can_insert(&loaded)?;
        let who = by.to_string();
        let against = self.sign(&mut entry, &who);
        // One file for both: it names the new place from here on.
        self.keep(&slot, &entry, by)?;
        loaded.rank = Some(entry.rank);
        let made = self.operate().insert(loaded, against).and_then(|made| {
            let old = Against { revision: Some(found.entry.revision), ..against };
            self.operate().remove(found.id(), old).map(|_| made.clone()).inspect_err(|_| {
                // Somebody took it out or changed it meanwhile: what they did is what counts.
                let _ = self.operate().remove(made.attachment.id(), Against { by: Some(&who), ..Against::default() });
            })
        });
        self.made(slot, &tenant, &name, made, by)
    }

    /// Takes an attachment away at once, and then from the folder; what it was, at the host's revision then.
    pub fn detach(&self, found: &Found, revision: u64, by: Caller) -> Result<Found, Problem> {
        let who = by.to_string();
        let against = Against { revision: Some(revision), by: Some(&who), ..Against::default() };
        let mut gone = Found::new(Arc::clone(&found.slot), found.entry.clone());
        gone.entry.revision = self.operate().remove(found.id(), against)?;
        gone.unsaved = self.saved("detached", &gone, by);
        Ok(gone)
    }

    /// Keeps calls from it at once, and then says so in the folder.
    pub fn disable(&self, found: &Found, revision: u64, by: Caller) -> Result<Found, Problem> {
        let who = by.to_string();
        let against = Against { revision: Some(revision), by: Some(&who), ..Against::default() };
        let entry = self.operate().set_enabled(found.id(), false, against)?;
        let mut disabled = Found::new(Arc::clone(&found.slot), entry);
        disabled.unsaved = self.saved("disabled", &disabled, by);
        Ok(disabled)
    }

    pub fn enable(&self, found: &Found, revision: u64, by: Caller) -> Result<Found, Problem> {
        let id = found.id();
        let enabled = |entry| Ok(Entry { enabled: true, ..entry });
        self.change(&found.slot, id, revision, by, enabled, |against| self.operate().set_enabled(id, true, against))
    }

    pub fn reorder(&self, found: &Found, position: Position, revision: u64, by: Caller) -> Result<Found, Problem> {
        let id = found.id();
        let moved = |_| Ok(self.operate().can_reorder(id, position)?);
        self.change(&found.slot, id, revision, by, moved, |against| self.operate().reorder(id, position, against))
    }

    /// Whether the folder has room for so many bytes more: so that of several changes that belong together the first is
    /// not made where the last one cannot be.
    pub fn has_room(&self, bytes: usize) -> Result<(), Problem> {
        let Some(folder) = self.folder.as_ref().filter(|_| bytes > 0) else { return Ok(()) };
        let _writing = self.write()?;
        folder
            .try_room(bytes)
            .map_err(|error| Problem::storage(format!("{bytes} bytes cannot be saved: {error}; nothing was changed")))
    }

    /// Brings one attachment's file to what the host has.
    pub fn save(&self, tenant: &str, name: &str) -> io::Result<()> {
        let _writing = self.writing.lock();
        self.agree(tenant, name)?;
        // After a failure something may have been left; a folder that is well has nothing to find.
        if self.unsaved.has_failed(tenant, name) { self.sweep(tenant, name) } else { Ok(()) }
    }

    fn sweep(&self, tenant: &str, name: &str) -> io::Result<()> {
        self.folder.as_ref().map_or(Ok(()), |folder| folder.sweep(tenant, name))
    }

    /// A change to an attachment that stays: kept as `change` makes it, then made by `make`.
    fn change(
        &self,
        slot: &Arc<Slot>,
        id: AttachmentId,
        revision: u64,
        by: Caller,
        change: impl FnOnce(Entry) -> Result<Entry, Problem>,
        make: impl FnOnce(Against<'_>) -> Result<Entry, AttachError>,
    ) -> Result<Found, Problem> {
        let _writing = self.write()?;
        let mut entry = change(current(slot, id, revision)?)?;
        let who = by.to_string();
        let against = self.sign(&mut entry, &who);
        if entry.managed {
            self.keep(slot, &entry, by)?;
        }
        let result = make(Against { revision: Some(revision), ..against });
        if !entry.managed {
            // Nothing was kept, so nothing is to be mended: a file of that name is another attachment's.
            return Ok(Found::new(Arc::clone(slot), result?));
        }
        self.made(Arc::clone(slot), entry.attachment.tenant(), entry.attachment.name(), result, by)
    }

    /// The entry as it is going to be kept and made: with the next revision, by whoever asks, now.
    fn sign<'a>(&self, entry: &mut Entry, by: &'a str) -> Against<'a> {
        entry.revision = self.operate().next_revision();
        entry.changed = SystemTime::now();
        entry.by = Some(by.into());
        Against { assign: Some(entry.revision), at: Some(entry.changed), by: Some(by), ..Against::default() }
    }

    /// Writes it into the folder, or leaves the folder as it was.
    fn keep(&self, slot: &Slot, entry: &Entry, by: Caller) -> Result<(), Problem> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let (tenant, name) = (entry.attachment.tenant(), entry.attachment.name());
        let written = folder.write(tenant, name, &Record::of(entry, &slot.declaration));
        if written.as_ref().err().is_none_or(|unwritten| unwritten.placed) {
            self.written(&file_name(tenant, name));
        }
        written.map_err(|unwritten| {
            if unwritten.placed || unwritten.left {
                self.mend(&slot.declaration.name, tenant, name, by);
            }
            Problem::storage(format!("cannot be saved: {}; nothing was changed", unwritten.error))
        })
    }

    /// What a change came to that is kept; where it was not made, the folder is mended.
    fn made(
        &self,
        slot: Arc<Slot>,
        tenant: &str,
        name: &str,
        result: Result<Entry, AttachError>,
        by: Caller,
    ) -> Result<Found, Problem> {
        match result {
            Ok(entry) => {
                self.unsaved.retry();
                Ok(Found::new(slot, entry))
            }
            Err(error) => {
                self.mend(&slot.declaration.name, tenant, name, by);
                Err(error.into())
            }
        }
    }

    /// Brings the folder back to what the host has, after a change that was kept but not made.
    fn mend(&self, hook: &str, tenant: &str, name: &str, by: Caller) {
        let mended = self.agree(tenant, name).and_then(|()| self.sweep(tenant, name));
        if let Err(error) = mended {
            tracing::error!(target: "tenterhook::control", "{tenant}/{name}: the folder cannot be repaired: {error}");
            let change = Change { what: "not made", hook: hook.to_owned(), by };
            self.unsaved.failed((tenant.to_owned(), name.to_owned()), change, error.to_string());
        }
    }

    /// Has a change saved that is in force; why it is not, if it is not.
    fn saved(&self, what: &'static str, found: &Found, by: Caller) -> Option<String> {
        if self.folder.is_none() || !found.entry.managed {
            return None;
        }
        let key = (found.entry.attachment.tenant().to_owned(), found.entry.attachment.name().to_owned());
        self.unsaved.note(key.clone(), Change { what, hook: found.hook().to_owned(), by });
        self.unsaved.wait(&key)
    }

    /// Brings one attachment's file to what the host has. The caller holds the writing lock.
    fn agree(&self, tenant: &str, name: &str) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        match self.find(tenant, name, None).ok().filter(|found| found.entry.managed) {
            Some(found) => {
                let record = Record::of(&found.entry, &found.slot.declaration);
                folder.write(tenant, name, &record).map_err(|unwritten| unwritten.error)?;
                self.written(&file_name(tenant, name));
            }
            // What is broken is the operators' to look at, and never was the host's.
            None if self.is_broken(&file_name(tenant, name)) => {}
            None => {
                folder.remove(tenant, name, self.host.revision())?;
                self.written(REVISION);
            }
        }
        Ok(())
    }
}

/// The entry, if it is at that revision.
fn current(slot: &Slot, id: AttachmentId, revision: u64) -> Result<Entry, Problem> {
    let entry = slot.find(id).ok_or_else(|| Problem::not_found(format!("attachment {id} is gone")))?;
    if entry.revision != revision {
        return Err(entry.stale(revision).into());
    }
    Ok(entry)
}

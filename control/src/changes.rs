//! Changes: the host prepares a change, the folder stores it, the host commits it.
//!
//! ```text
//! additions       attach, replace, enable, order    load ─▶ writing lock ─▶ prepare ─▶ folder, synced ─▶ commit ─▶ audit
//! removals        detach, disable                   prepare ─▶ commit ─▶ the saving thread: folder, synced ─▶ audit
//! ```
//!
//! A prepared change contains the future attachment, which is what the file gets and what the commit puts into the
//! table. It holds no lock of the host, so the host never waits for the disk.
//!
//! An addition writes the folder before calls see the change, and fails as a whole if the folder cannot be written. If
//! the process is killed in between, the change is in force after the restart, although the client got no response.
//!
//! A removal is in force at once, whatever the state of the disk and of other changes: an operator can always stop a
//! script. If it cannot be saved, the response says so, and the save is retried until it succeeds (`unsaved.rs`).

use std::io;
use std::sync::Arc;

use tenterhook::Position;
use tenterhook::operate::{Against, Change, Entry, Intent, Loaded, Slot};

use super::caller::Caller;
use super::folder::{REVISION, Record, file_name};
use super::plane::{Found, Plane};
use super::rejection::Rejection;
use super::unsaved::InForce;

impl Plane {
    /// Puts a loaded attachment into its chain and into the folder.
    pub fn attach(&self, loaded: Loaded, by: Caller) -> Result<Found, Rejection> {
        let _writing = self.write()?;
        let change = self.prepare_attach(loaded, by)?;
        self.put_in(change, by)
    }

    /// Prepares to attach it, if folder and host have room for it.
    pub fn prepare_attach(&self, mut loaded: Loaded, by: Caller) -> Result<Change, Rejection> {
        loaded.managed = true;
        let (tenant, name) = (loaded.attachment.tenant().to_owned(), loaded.attachment.name().to_owned());
        if let Some(there) = self.find(&tenant, &name, None).ok().filter(|found| found.entry.managed) {
            let (hook, entry) = (there.hook(), &there.entry);
            let last = entry.last_change();
            let message =
                format!("{tenant} already has an attachment {name}, at {hook}: revision {}, {last}", entry.revision);
            return Err(Rejection::new(409, "exists", message).changed(entry.revision, last));
        }
        self.check_file(&tenant, &name)?;
        self.place_of_broken(&mut loaded);
        self.prepare(Intent::Attach(loaded), None, by)
    }

    /// Replaces the attachment with the same id by a loaded script.
    pub fn replace(&self, loaded: Loaded, revision: u64, by: Caller) -> Result<Found, Rejection> {
        self.change(Intent::Replace(loaded), revision, by)
    }

    /// Puts a loaded script at its hook point, and removes the attachment of the same name at another one. Both share
    /// one file, which names the new hook point before the host does.
    pub fn relocate(&self, found: &Found, mut loaded: Loaded, by: Caller) -> Result<Found, Rejection> {
        loaded.managed = true;
        self.change(Intent::Relocate(loaded, found.id()), found.entry.revision, by)
    }

    pub fn enable(&self, found: &Found, revision: u64, by: Caller) -> Result<Found, Rejection> {
        self.change(Intent::Enable(found.id(), true), revision, by)
    }

    pub fn reorder(&self, found: &Found, position: Position, revision: u64, by: Caller) -> Result<Found, Rejection> {
        self.change(Intent::Reorder(found.id(), position), revision, by)
    }

    /// Removes an attachment at once, and then from the folder. Returns the removed attachment with the host's
    /// revision.
    pub fn detach(&self, found: &Found, revision: u64, by: Caller) -> Result<Found, Rejection> {
        self.take_out("detached", Intent::Detach(found.id()), revision, by)
    }

    /// Stops calls of it at once, and then saves that in the folder.
    pub fn disable(&self, found: &Found, revision: u64, by: Caller) -> Result<Found, Rejection> {
        self.take_out("disabled", Intent::Enable(found.id(), false), revision, by)
    }

    /// Prepares the intent on behalf of the caller. A dry run drops the result.
    pub fn prepare(&self, intent: Intent, revision: Option<u64>, by: Caller) -> Result<Change, Rejection> {
        Ok(self.operate().prepare(intent, Against { revision, by: Some(&by.to_string()) })?)
    }

    /// Changes an attachment that stays.
    fn change(&self, intent: Intent, revision: u64, by: Caller) -> Result<Found, Rejection> {
        let _writing = self.write()?;
        let change = self.prepare(intent, Some(revision), by)?;
        self.put_in(change, by)
    }

    /// Writes a change into the folder, then commits it. The caller holds the writing lock.
    fn put_in(&self, mut change: Change, by: Caller) -> Result<Found, Rejection> {
        self.operate().assign(&mut change);
        let slot = Arc::clone(change.slot());
        let Some(entry) = change.after().filter(|entry| entry.managed) else {
            // An attachment of the program has no file: a file with its name belongs to another attachment.
            return Ok(Found::new(slot, self.operate().commit(change)?));
        };
        let (tenant, name) = (entry.attachment.tenant().to_owned(), entry.attachment.name().to_owned());
        self.keep(&slot, entry, by)?;
        match self.operate().commit(change) {
            Ok(entry) => {
                self.unsaved.retry();
                Ok(Found::new(slot, entry))
            }
            Err(error) => {
                self.mend(&slot.declaration.name, &tenant, &name, by);
                Err(error.into())
            }
        }
    }

    /// Commits a change, then has it saved.
    fn take_out(&self, what: &'static str, intent: Intent, revision: u64, by: Caller) -> Result<Found, Rejection> {
        let change = self.prepare(intent, Some(revision), by)?;
        let slot = Arc::clone(change.slot());
        let mut made = Found::new(slot, self.operate().commit(change)?);
        made.unsaved = self.saved(what, &made, by);
        Ok(made)
    }

    /// Whether the folder has room for this many more bytes, so that the first of several related changes is not made
    /// if the last one cannot be.
    pub fn has_room(&self, bytes: usize) -> Result<(), Rejection> {
        let Some(folder) = self.folder.as_ref().filter(|_| bytes > 0) else { return Ok(()) };
        let _writing = self.write()?;
        folder
            .try_room(bytes)
            .map_err(|error| Rejection::storage(format!("{bytes} bytes cannot be saved: {error}; nothing was changed")))
    }

    /// Updates one attachment's file to the host's state.
    pub fn save(&self, tenant: &str, name: &str) -> io::Result<()> {
        let _writing = self.writing.lock();
        self.agree(tenant, name)?;
        // After a failure something may have been left behind; otherwise there is nothing to sweep.
        if self.unsaved.has_failed(tenant, name) { self.sweep(tenant, name) } else { Ok(()) }
    }

    fn sweep(&self, tenant: &str, name: &str) -> io::Result<()> {
        self.folder.as_ref().map_or(Ok(()), |folder| folder.sweep(tenant, name))
    }

    /// Writes it into the folder, or leaves the folder as it was.
    fn keep(&self, slot: &Slot, entry: &Entry, by: Caller) -> Result<(), Rejection> {
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
            Rejection::storage(format!("cannot be saved: {}; nothing was changed", unwritten.error))
        })
    }

    /// Restores the folder to the host's state, after a change that was saved but not committed.
    fn mend(&self, hook: &str, tenant: &str, name: &str, by: Caller) {
        let mended = self.agree(tenant, name).and_then(|()| self.sweep(tenant, name));
        if let Err(error) = mended {
            tracing::error!(target: "tenterhook::control", "{tenant}/{name}: the folder cannot be repaired: {error}");
            let change = InForce { what: "not made", hook: hook.to_owned(), by };
            self.unsaved.failed((tenant.to_owned(), name.to_owned()), change, error.to_string());
        }
    }

    /// Has a change in force saved; returns why it is not, if it is not.
    fn saved(&self, what: &'static str, found: &Found, by: Caller) -> Option<String> {
        if self.folder.is_none() || !found.entry.managed {
            return None;
        }
        let key = (found.entry.attachment.tenant().to_owned(), found.entry.attachment.name().to_owned());
        self.unsaved.note(key.clone(), InForce { what, hook: found.hook().to_owned(), by });
        self.unsaved.wait(&key)
    }

    /// Updates one attachment's file to the host's state. The caller holds the writing lock.
    fn agree(&self, tenant: &str, name: &str) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        match self.find(tenant, name, None).ok().filter(|found| found.entry.managed) {
            Some(found) => {
                let record = Record::of(&found.entry, &found.slot.declaration);
                folder.write(tenant, name, &record).map_err(|unwritten| unwritten.error)?;
                self.written(&file_name(tenant, name));
            }
            // A broken attachment never was in the host, and is left for operators to inspect.
            None if self.is_broken(&file_name(tenant, name)) => {}
            None => {
                folder.remove(tenant, name, self.host.revision())?;
                self.written(REVISION);
            }
        }
        Ok(())
    }
}

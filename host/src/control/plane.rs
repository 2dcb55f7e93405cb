//! What a request does: checks who asks and what it was made against, keeps it in the folder, changes the host.
//!
//! ```text
//! rights ─▶ load (no lock held) ─▶ lock ─▶ revision ─▶ folder, synced ─▶ host's table ─▶ audit
//! ```
//!
//! The folder is written before calls see the change. Whoever is killed in between finds the change after the restart; it
//! was not told that it was made, and not that it was not.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use parking_lot::Mutex;
use tenterhook_policies::Policy;

use super::audit::{self, Audit};
use super::caller::{Caller, Rights};
use super::folder::{Broken, Contents, Folder, REVISION, Record, file_name};
use super::limits::Taker;
use super::loads::Loads;
use super::locate;
use super::options::{ControlError, ControlOptions};
use super::problem::Problem;
use crate::attach::{Against, AttachmentId, Entry, Loaded, Position, Request, Slot};
use crate::host::{Host, Inner};
use crate::observe::{Event, EventKind, Subject};

pub(super) struct Plane {
    pub host: Host,
    pub started: (SystemTime, Instant),
    owner_may_do_all: bool,
    folder: Option<Folder>,
    audit: Audit,
    broken: Mutex<Vec<Broken>>,
    /// Held while a change is kept and made.
    changing: Mutex<()>,
    loads: Loads,
}

/// An attachment that was found, and where.
pub(super) struct Found {
    pub slot: Arc<Slot>,
    pub entry: Entry,
}

impl Found {
    pub fn id(&self) -> AttachmentId {
        self.entry.attachment.id
    }

    pub fn hook(&self) -> &str {
        &self.slot.declaration.name
    }
}

impl Plane {
    /// Opens folder and audit file, and attaches what the folder holds.
    pub fn open(host: &Host, options: &ControlOptions) -> Result<Plane, ControlError> {
        let plane = Plane {
            host: host.clone(),
            started: (SystemTime::now(), Instant::now()),
            owner_may_do_all: options.owner_is_operator,
            folder: options.folder.as_ref().map(Folder::open).transpose()?,
            audit: Audit::open(options)?,
            broken: Mutex::new(Vec::new()),
            changing: Mutex::new(()),
            loads: Loads::new(),
        };
        if let (Some(folder), Some(path)) = (&plane.folder, &options.folder) {
            let wrong = |e: std::io::Error| ControlError::Storage { path: path.clone(), reason: e.to_string() };
            plane.restore(folder.read().map_err(wrong)?);
        }
        Ok(plane)
    }

    pub fn inner(&self) -> &Inner {
        &self.host.inner
    }

    /// The host's revision, with every change that is part of it made.
    pub fn revision(&self) -> u64 {
        let _changing = self.changing.lock();
        self.host.revision()
    }

    /// What was skipped at start, and is there still: neither removed since nor written over.
    pub fn broken(&self) -> Vec<Broken> {
        let mut broken = self.broken.lock();
        broken.retain(|broken| self.folder.as_ref().is_some_and(|folder| folder.has_file(&broken.file)));
        broken.clone()
    }

    /// A file was written, and is an attachment's, or the revision's.
    fn written(&self, file: &str) {
        self.broken.lock().retain(|broken| broken.file != file);
    }

    pub fn rights(&self, caller: Caller) -> Rights {
        self.rights_by(caller, &self.host.policy())
    }

    pub fn rights_by(&self, caller: Caller, policy: &Policy) -> Rights {
        Rights::of(caller, policy, self.owner_may_do_all)
    }

    /// Whoever takes of what there is only so much of.
    pub fn taker(&self, caller: Caller) -> Taker {
        Taker { uid: caller.uid, may_do_all: self.owner_may_do_all && caller.is_owner() }
    }

    pub fn audit(&self, by: Caller, entry: &audit::Entry<'_>) {
        let written = self.audit.write(by, entry);
        if let Some((_, message)) = entry.refused.filter(|_| written) {
            let message = format!("{}: {message}", entry.action).into();
            let event = Event::new(EventKind::Refused { message }).by(Some(&by.to_string()));
            self.inner().events.emit(match (entry.tenant, entry.name) {
                (Some(tenant), Some(name)) => event.about(Subject {
                    tenant: tenant.into(),
                    attachment: name.into(),
                    hook: entry.hook.unwrap_or_default().into(),
                    id: None,
                }),
                _ => event,
            });
        }
    }

    /// Attaches what the folder holds.
    fn restore(&self, contents: Contents) {
        let inner = self.inner();
        inner.continue_from(contents.revision);
        for broken in contents.broken {
            self.report(broken);
        }
        for (tenant, name, record) in contents.records {
            let mut request = Request::new(record.hook, &tenant, record.bundle.main).name(&name).script(record.script);
            request.modules = record.bundle.modules;
            request.state = record.state;
            let mut request = request.order(record.order).enabled(record.enabled);
            if let Some(fingerprint) = record.fingerprint {
                request = request.written_against(fingerprint, None);
            }
            let attached = inner.prepare(request, AttachmentId::next()).and_then(|mut loaded| {
                (loaded.managed, loaded.rank) = (true, record.rank);
                inner.insert(loaded, Against { assign: Some(record.revision), ..Against::default() })
            });
            if let Err(error) = attached {
                let file = file_name(&tenant, &name);
                let reason = format!("{file}: {error}");
                self.report(Broken { tenant, file, reason, refused: true });
            }
        }
    }

    fn report(&self, broken: Broken) {
        let message = crate::capability::escaped(broken.reason.as_bytes());
        tracing::warn!(target: "tenterhook::control", "skipped: {message}");
        let kind = EventKind::Broken { file: broken.file.as_str().into(), message: message.into() };
        self.inner().events.emit(Event::new(kind));
        self.broken.lock().push(broken);
    }

    /// There is no such attachment, or none that is the caller's to know of.
    pub fn none_such(tenant: &str, name: &str) -> Problem {
        Problem::not_found(format!("no attachment {tenant}/{name}"))
    }

    /// The attachment of that tenant and name; the operators' own before the program's.
    pub fn find(&self, tenant: &str, name: &str, hook: Option<&str>) -> Result<Found, Problem> {
        let slots: Vec<Arc<Slot>> = self.inner().hooks.read().values().cloned().collect();
        let mut found: Vec<Found> = slots
            .into_iter()
            .filter(|slot| hook.is_none_or(|hook| slot.declaration.name == hook))
            .filter_map(|slot| {
                let entry = slot.look(|entries| entries.find(entries.named(tenant, name)?).cloned())?;
                Some(Found { slot, entry })
            })
            .collect();
        if let Some(managed) = found.iter().position(|found| found.entry.managed) {
            return Ok(found.swap_remove(managed));
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(Plane::none_such(tenant, name)),
            several => {
                let message = format!("the program has {several} attachments {tenant}/{name}: give `hook`");
                Err(Problem::bad_request(message).with("field", "hook"))
            }
        }
    }

    /// Loads, when it is its turn; a syntax error comes with its column.
    pub fn load(&self, request: Request, id: AttachmentId, by: Caller) -> Result<Loaded, Problem> {
        // Looking for the column loads too: that is part of the turn.
        let _turn = self.loads.turn(self.taker(by))?;
        self.inner().prepare(request.clone(), id).map_err(|error| {
            let problem = Problem::from(error);
            match problem.more.contains_key("line") {
                true => locate::add_column(self.inner(), &request, problem),
                false => problem,
            }
        })
    }

    /// Puts a loaded attachment into its chain, and into the folder.
    pub fn attach(&self, mut loaded: Loaded, by: Caller) -> Result<Found, Problem> {
        loaded.managed = true;
        let _changing = self.changing.lock();
        let (tenant, name) = (loaded.attachment.tenant().to_owned(), loaded.attachment.name.clone());
        if self.find(&tenant, &name, None).is_ok_and(|found| found.entry.managed) {
            let message = format!("{tenant} has an attachment {name} already");
            return Err(Problem::new(409, "exists", message));
        }
        self.can_keep(&tenant, &name)?;
        let slot = Arc::clone(&loaded.slot);
        let mut entry = self.inner().can_insert(&loaded)?;
        entry.revision = self.inner().next_revision();
        self.keep(&slot, &entry, &slot)?;
        // Its rank as it was kept: somebody may have come last in between.
        loaded.rank = Some(entry.rank);
        let by = by.to_string();
        let against = Against { assign: Some(entry.revision), by: Some(&by), ..Against::default() };
        let result = self.inner().insert(loaded, against);
        self.made(&slot, &tenant, &name, result)
    }

    /// Whether an attachment of that name, which is new, can have its file: another one's is not written over.
    pub fn can_keep(&self, tenant: &str, name: &str) -> Result<(), Problem> {
        let file = file_name(tenant, name);
        let refused = || self.broken.lock().iter().any(|broken| broken.file == file && broken.refused);
        if self.folder.as_ref().is_none_or(|folder| !folder.has(tenant, name)) || refused() {
            return Ok(());
        }
        let message = format!("the folder has a file {file} that is no attachment: mend or remove it");
        Err(Problem::new(409, "exists", message))
    }

    /// Puts a loaded script in the place of the one that has its id.
    pub fn replace(&self, loaded: Loaded, revision: u64, by: Caller) -> Result<Found, Problem> {
        let again = loaded.clone();
        let (slot, id) = (&again.slot, again.attachment.id);
        // Kept with the order and the rank that it is going to have.
        let changed = |entry: Entry| {
            let (order, rank) = self.inner().can_exchange(&again, &entry)?;
            Ok(Entry { attachment: Arc::clone(&again.attachment), order, rank, ..entry })
        };
        self.change(slot, id, revision, by, changed, |against| self.inner().exchange(loaded, against))
    }

    /// Puts a loaded script at its hook point, and takes away what is at another one under the same name: attached first,
    /// so that whatever fails leaves the old one.
    pub fn relocate(&self, found: &Found, mut loaded: Loaded, by: Caller) -> Result<Found, Problem> {
        loaded.managed = true;
        let _changing = self.changing.lock();
        current(&found.slot, found.id(), found.entry.revision)?;
        let slot = Arc::clone(&loaded.slot);
        let (tenant, name) = (loaded.attachment.tenant().to_owned(), loaded.attachment.name.clone());
        let mut entry = self.inner().can_insert(&loaded)?;
        entry.revision = self.inner().next_revision();
        // One file for both: it names the new place from here on.
        self.keep(&slot, &entry, &found.slot)?;
        loaded.rank = Some(entry.rank);
        let by = by.to_string();
        let against = Against { assign: Some(entry.revision), by: Some(&by), ..Against::default() };
        let made = self.inner().insert(loaded, against);
        let made = made.inspect_err(|_| self.mend(&found.slot, &tenant, &name))?;
        // It is gone already where the program was faster.
        let _ = self.inner().remove(found.id(), against);
        Ok(Found { slot, entry: made })
    }

    /// Takes an attachment away, here and from the folder; the host's revision then.
    pub fn detach(&self, found: &Found, revision: u64, by: Caller) -> Result<u64, Problem> {
        let _changing = self.changing.lock();
        let entry = current(&found.slot, found.id(), revision)?;
        let (tenant, name) = (entry.attachment.tenant(), entry.attachment.name.as_str());
        let next = self.inner().next_revision();
        if let Some(folder) = self.folder.as_ref().filter(|_| entry.managed) {
            folder.remove(tenant, name, next).map_err(|error| {
                // It may be gone from the folder already.
                self.mend(&found.slot, tenant, name);
                Problem::storage(error)
            })?;
            self.written(REVISION);
        }
        let by = by.to_string();
        let against = Against { revision: Some(revision), assign: Some(next), by: Some(&by) };
        let result = self.inner().remove(found.id(), against);
        if result.is_err() {
            self.mend(&found.slot, tenant, name);
        }
        Ok(result?)
    }

    pub fn set_enabled(&self, found: &Found, enabled: bool, revision: u64, by: Caller) -> Result<Found, Problem> {
        let id = found.id();
        self.change(
            &found.slot,
            id,
            revision,
            by,
            |entry| Ok(Entry { enabled, ..entry }),
            |against| self.inner().set_enabled(id, enabled, against),
        )
    }

    pub fn reorder(&self, found: &Found, position: Position, revision: u64, by: Caller) -> Result<Found, Problem> {
        let id = found.id();
        let moved = |entry: Entry| {
            let (order, rank) = self.inner().can_reorder(id, position)?;
            Ok(Entry { order, rank, ..entry })
        };
        self.change(&found.slot, id, revision, by, moved, |against| self.inner().reorder(id, position, against))
    }

    /// A change to an attachment that stays: kept as `change` makes it, then made by `make`.
    fn change(
        &self,
        slot: &Arc<Slot>,
        id: AttachmentId,
        revision: u64,
        by: Caller,
        change: impl FnOnce(Entry) -> Result<Entry, Problem>,
        make: impl FnOnce(Against<'_>) -> Result<Entry, crate::AttachError>,
    ) -> Result<Found, Problem> {
        let _changing = self.changing.lock();
        let mut entry = change(current(slot, id, revision)?)?;
        entry.revision = self.inner().next_revision();
        if entry.managed {
            self.keep(slot, &entry, slot)?;
        }
        let by = by.to_string();
        let result = make(Against { revision: Some(revision), assign: Some(entry.revision), by: Some(&by) });
        if !entry.managed {
            // Nothing was kept, so nothing is to be mended: a file of that name is another attachment's.
            return Ok(Found { slot: Arc::clone(slot), entry: result? });
        }
        self.made(slot, entry.attachment.tenant(), &entry.attachment.name, result)
    }

    /// Writes it into the folder; `was` is the hook point that has it until then.
    fn keep(&self, slot: &Slot, entry: &Entry, was: &Slot) -> Result<(), Problem> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let (tenant, name) = (entry.attachment.tenant(), entry.attachment.name.as_str());
        let record = Record::of(entry, &slot.declaration);
        folder.write(tenant, name, &record).map_err(|error| {
            self.mend(was, tenant, name);
            Problem::storage(format!("cannot be kept: {error}"))
        })?;
        self.written(&file_name(tenant, name));
        Ok(())
    }

    fn made(
        &self,
        slot: &Arc<Slot>,
        tenant: &str,
        name: &str,
        result: Result<Entry, crate::AttachError>,
    ) -> Result<Found, Problem> {
        match result {
            Ok(entry) => Ok(Found { slot: Arc::clone(slot), entry }),
            Err(error) => {
                self.mend(slot, tenant, name);
                Err(error.into())
            }
        }
    }

    /// Brings the folder back to what the host has, after a change that was kept but not made: the program was faster.
    fn mend(&self, slot: &Slot, tenant: &str, name: &str) {
        let Some(folder) = &self.folder else { return };
        let entry = slot.look(|entries| entries.find(entries.named(tenant, name)?).cloned());
        let mended = match entry.filter(|entry| entry.managed) {
            Some(entry) => folder.write(tenant, name, &Record::of(&entry, &slot.declaration)),
            None if folder.has(tenant, name) => folder.remove(tenant, name, self.host.revision()),
            None => Ok(()),
        };
        if let Err(error) = mended {
            tracing::error!(target: "tenterhook::control", "{tenant}/{name}: the folder cannot be mended: {error}");
        }
    }
}

/// The entry, if it is at that revision.
fn current(slot: &Slot, id: AttachmentId, revision: u64) -> Result<Entry, Problem> {
    let entry = slot.find(id).ok_or_else(|| Problem::not_found(format!("attachment {id} is gone")))?;
    if entry.revision != revision {
        return Err(crate::AttachError::Stale { revision, current: entry.revision }.into());
    }
    Ok(entry)
}

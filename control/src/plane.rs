//! The control plane of one host: its folder, its audit log, the callers' rights, and the attachments. Changes are in
//! `changes.rs`.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::{Mutex, MutexGuard};
use tenterhook::operate::{Entry, Loaded, Operations, Slot};
use tenterhook::policies::Policy;
use tenterhook::{AttachmentId, Event, EventKind, Host, Position, Request, Subject};

use super::audit::{self, Audit};
use super::caller::{Caller, Rights};
use super::folder::{Broken, Folder, file_name};
use super::limits::Taker;
use super::loads::Loads;
use super::locate;
use super::options::{ControlError, ControlOptions};
use super::rejection::Rejection;
use super::unsaved::Unsaved;

/// The longest time that a change waits for earlier changes to be written.
const WRITE_TIME: Duration = Duration::from_secs(10);

pub(super) struct Plane {
    pub host: Host,
    pub started: (SystemTime, Instant),
    /// The OpenAPI document.
    pub document: String,
    owner_may_do_all: bool,
    pub(super) folder: Option<Folder>,
    audit: Audit,
    pub(super) broken: Mutex<Vec<Broken>>,
    /// Changes that are in force and not saved in the folder yet.
    pub unsaved: Unsaved,
    /// Held while the folder is written.
    pub(super) writing: Mutex<()>,
    loads: Loads,
}

/// An attachment and its hook point.
pub(super) struct Found {
    pub slot: Arc<Slot>,
    pub entry: Entry,
    /// Why the change that returned it is not saved in the folder yet.
    pub unsaved: Option<String>,
}

impl Found {
    pub fn new(slot: Arc<Slot>, entry: Entry) -> Found {
        Found { slot, entry, unsaved: None }
    }

    pub fn id(&self) -> AttachmentId {
        self.entry.attachment.id()
    }

    pub fn hook(&self) -> &str {
        &self.slot.declaration.name
    }
}

impl Plane {
    /// Opens folder and audit file. `restore.rs` attaches what the folder contains.
    pub fn open(host: &Host, options: &ControlOptions, document: String) -> Result<Plane, ControlError> {
        Ok(Plane {
            host: host.clone(),
            started: (SystemTime::now(), Instant::now()),
            document,
            owner_may_do_all: options.owner_is_operator,
            folder: options.folder.as_ref().map(|folder| Folder::open(folder, options.fails.clone())).transpose()?,
            audit: Audit::open(options)?,
            broken: Mutex::new(Vec::new()),
            unsaved: Unsaved::default(),
            writing: Mutex::new(()),
            loads: Loads::new(),
        })
    }

    /// The host's operations.
    pub fn operate(&self) -> Operations<'_> {
        self.host.operate()
    }

    /// The host's revision; all changes up to it have been made.
    pub fn revision(&self) -> Result<u64, Rejection> {
        let _writing = self.write()?;
        Ok(self.host.revision())
    }

    /// Takes the lock for writing the folder, unless others hold it for longer than a working disk takes.
    pub fn write(&self) -> Result<MutexGuard<'_, ()>, Rejection> {
        let busy = || Rejection::busy("another change is being written to the folder; try again");
        self.writing.try_lock_for(WRITE_TIME).ok_or_else(busy)
    }

    /// What could not be attached at start and was neither removed nor overwritten since.
    pub fn broken(&self) -> Vec<Broken> {
        let mut broken = self.broken.lock();
        broken.retain(|broken| self.folder.as_ref().is_some_and(|folder| folder.has_file(&broken.file)));
        broken.clone()
    }

    pub(super) fn is_broken(&self, file: &str) -> bool {
        self.broken.lock().iter().any(|broken| broken.file == file)
    }

    /// The broken attachment of that name.
    pub fn broken_one(&self, tenant: &str, name: &str) -> Option<Broken> {
        self.broken().into_iter().find(|broken| broken.is(tenant, name))
    }

    /// Notes that a file was written and is valid, or that it is gone.
    pub(super) fn written(&self, file: &str) {
        self.broken.lock().retain(|broken| broken.file != file);
    }

    pub fn rights(&self, caller: Caller) -> Rights {
        self.rights_by(caller, &self.host.policy())
    }

    pub fn rights_by(&self, caller: Caller, policy: &Policy) -> Rights {
        Rights::of(caller, policy, self.owner_may_do_all)
    }

    /// The user that a connection, a reader or a load is counted against.
    pub fn taker(&self, caller: Caller) -> Taker {
        Taker { uid: caller.uid, may_do_all: self.owner_may_do_all && caller.is_owner() }
    }

    pub fn audit(&self, by: Caller, entry: &audit::AuditLine<'_>) {
        let written = self.audit.write(by, entry);
        if let Some((_, message)) = entry.refused.filter(|_| written) {
            let message = format!("{}: {message}", entry.action).into();
            let event = Event::new(EventKind::Refused { message }).by(Some(&by.to_string()));
            self.operate().emit(match (entry.tenant, entry.name) {
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

    /// The error for an attachment that does not exist, or that the caller is not authorised to see.
    pub fn none_such(tenant: &str, name: &str) -> Rejection {
        Rejection::not_found(format!("no attachment {tenant}/{name}"))
    }

    /// The attachment of that tenant and name; those of operators take precedence over the program's.
    pub fn find(&self, tenant: &str, name: &str, hook: Option<&str>) -> Result<Found, Rejection> {
        let slots = self.operate().slots();
        let mut found: Vec<Found> = slots
            .into_iter()
            .filter(|slot| hook.is_none_or(|hook| slot.declaration.name == hook))
            .filter_map(|slot| {
                let entry = slot.named(tenant, name)?;
                Some(Found::new(slot, entry))
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
                Err(Rejection::bad_request(message).field("hook"))
            }
        }
    }

    /// Loads a script when it is its turn; a syntax error contains its column.
    pub fn load(&self, request: Request, id: AttachmentId, by: Caller) -> Result<Loaded, Rejection> {
        let request = request.kept(self.folder.is_some());
        // Finding the column loads the script too, so that is part of the turn.
        let _turn = self.loads.turn(self.taker(by), request.tenant())?;
        self.operate().load(request.clone(), id).map_err(|error| {
            let rejection = Rejection::from(error);
            match rejection.error.line.is_some() {
                true => locate::add_column(self.operate(), &request, rejection),
                false => rejection,
            }
        })
    }

    /// Whether a new attachment of that name can have its file. A broken attachment gives up its file, and so does one
    /// that was detached but not yet removed from the folder; a file that was added meanwhile does not.
    pub(super) fn check_file(&self, tenant: &str, name: &str) -> Result<(), Rejection> {
        let has_file = self.folder.as_ref().is_some_and(|folder| folder.has(tenant, name));
        if !has_file || self.broken_one(tenant, name).is_some() || self.unsaved.has(tenant, name) {
            return Ok(());
        }
        let file = file_name(tenant, name);
        let message = format!("the folder has a file {file} that is not attached: adopt or discard {tenant}/{name}");
        Err(Rejection::new(409, "exists", message))
    }

    /// An attachment that replaces a broken one of the same name, and requests no position, gets its place.
    pub(super) fn place_of_broken(&self, loaded: &mut Loaded) {
        let Some(broken) = self.broken_one(loaded.attachment.tenant(), loaded.attachment.name()) else { return };
        if loaded.position.is_none() && broken.known.hook.as_deref() == Some(&loaded.slot.declaration.name) {
            loaded.position = broken.known.order.map(Position::Order);
            loaded.rank = broken.known.rank.filter(|_| loaded.position.is_some());
        }
    }
}

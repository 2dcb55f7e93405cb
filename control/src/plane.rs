//! The control plane of one host: its folder, its audit log, who may do what, and what is attached where. Changes are in
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
use super::problem::Problem;
use super::unsaved::Unsaved;

/// How long a change waits for those before it to be written.
const WRITE_TIME: Duration = Duration::from_secs(10);

pub(super) struct Plane {
    pub host: Host,
    pub started: (SystemTime, Instant),
    /// What can be asked of it, as OpenAPI.
    pub document: String,
    owner_may_do_all: bool,
    pub(super) folder: Option<Folder>,
    audit: Audit,
    pub(super) broken: Mutex<Vec<Broken>>,
    /// What is in force and not in the folder yet.
    pub unsaved: Unsaved,
    /// Held while the folder is written.
    pub(super) writing: Mutex<()>,
    loads: Loads,
}

/// An attachment that was found, and where.
pub(super) struct Found {
    pub slot: Arc<Slot>,
    pub entry: Entry,
    /// Why the change that it comes from is not in the folder yet.
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
    /// Opens folder and audit file. What the folder holds is not attached yet (`restore.rs`).
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

    /// What is done with the host.
    pub fn operate(&self) -> Operations<'_> {
        self.host.operate()
    }

    /// The host's revision, with every change that is part of it made.
    pub fn revision(&self) -> Result<u64, Problem> {
        let _writing = self.write()?;
        Ok(self.host.revision())
    }

    /// The right to write the folder; not while others have it for longer than a disk takes that works.
    pub fn write(&self) -> Result<MutexGuard<'_, ()>, Problem> {
        let busy = || Problem::busy("another change is being written to the folder; try again");
        self.writing.try_lock_for(WRITE_TIME).ok_or_else(busy)
    }

    /// What was not attached at start, and is there still: neither removed since nor written over.
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

    /// A file was written and is an attachment's, or the revision's; or it is gone.
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

    pub fn audit(&self, by: Caller, entry: &audit::Entry<'_>) {
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

    /// There is no such attachment, or none that is the caller's to know of.
    pub fn none_such(tenant: &str, name: &str) -> Problem {
        Problem::not_found(format!("no attachment {tenant}/{name}"))
    }

    /// The attachment of that tenant and name; the operators' own before the program's.
    pub fn find(&self, tenant: &str, name: &str, hook: Option<&str>) -> Result<Found, Problem> {
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
                Err(Problem::bad_request(message).field("hook"))
            }
        }
    }

    /// Loads, when it is its turn; a syntax error comes with its column.
    pub fn load(&self, request: Request, id: AttachmentId, by: Caller) -> Result<Loaded, Problem> {
        let request = request.kept(self.folder.is_some());
        // Looking for the column loads too: that is part of the turn.
        let _turn = self.loads.turn(self.taker(by), request.tenant())?;
        self.operate().load(request.clone(), id).map_err(|error| {
            let problem = Problem::from(error);
            match problem.error.line.is_some() {
                true => locate::add_column(self.operate(), &request, problem),
                false => problem,
            }
        })
    }

    /// Whether an attachment of that name, which is new, can have its file. One that is broken makes room for it, and so
    /// does one that is gone and not forgotten yet; a file that nobody has looked at does not.
    pub(super) fn check_file(&self, tenant: &str, name: &str) -> Result<(), Problem> {
        let has_file = self.folder.as_ref().is_some_and(|folder| folder.has(tenant, name));
        if !has_file || self.broken_one(tenant, name).is_some() || self.unsaved.has(tenant, name) {
            return Ok(());
        }
        let file = file_name(tenant, name);
        let message = format!("the folder has a file {file} that is not attached: adopt or discard {tenant}/{name}");
        Err(Problem::new(409, "exists", message))
    }

    /// Whoever comes after a broken attachment of the same name and says of no place has that one's.
    pub(super) fn place_of_broken(&self, loaded: &mut Loaded) {
        let Some(broken) = self.broken_one(loaded.attachment.tenant(), loaded.attachment.name()) else { return };
        if loaded.position.is_none() && broken.known.hook.as_deref() == Some(&loaded.slot.declaration.name) {
            loaded.position = broken.known.order.map(Position::Order);
            loaded.rank = broken.known.rank.filter(|_| loaded.position.is_some());
        }
    }
}

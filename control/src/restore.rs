//! The folder's attachments: attached at start, and broken if that fails, until an operator decides about them.
//!
//! ```text
//! at start   Folder::read ─▶ intact: attached  ─▶ broken: damaged, changed by somebody, or no longer accepted
//! adopt      the current file and script are checked against the current hook point  ─▶ attached
//! discard    the file and its script are removed
//! attach, replace, apply over a broken one take its place                                        (plane.rs)
//! ```

use tenterhook::operate::{Against, Earlier, Intent};
use tenterhook::{AttachmentId, Event, EventKind, Request, Subject};

use super::caller::Caller;
use super::folder::{Broken, Known, Record, file_name};
use super::options::{ControlError, ControlOptions};
use super::plane::{Found, Plane};
use super::rejection::Rejection;

/// The request that an attachment file represents.
fn request(tenant: &str, name: &str, record: Record) -> Request {
    let request = Request::new(record.hook, tenant, Vec::new()).name(name).script(record.script).bundle(record.bundle);
    let request = request.kept(true).order(record.order).enabled(record.enabled);
    match record.state {
        Some(state) => request.state(state),
        None => request,
    }
}

impl Plane {
    /// Attaches what the folder contains. What cannot be attached is reported and keeps its file.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub fn restore(&self, options: &ControlOptions) -> Result<(), ControlError> {
        let (Some(folder), Some(path)) = (&self.folder, &options.folder) else { return Ok(()) };
        let wrong = |e: std::io::Error| ControlError::Storage { path: path.clone(), reason: e.to_string() };
        let contents = folder.read().map_err(wrong)?;
        let operate = self.operate();
        operate.continue_from(contents.revision);
        for broken in contents.broken {
            self.report(broken);
        }
        for (tenant, name, record) in contents.records {
            let known = Known::of(&record);
            let (rank, fingerprint) = (record.rank, record.fingerprint);
            let earlier = Earlier { revision: record.revision, at: record.changed, by: record.by.clone() };
            let mut request = request(&tenant, &name, record);
            if let Some(fingerprint) = fingerprint {
                request = request.written_against(fingerprint, None);
            }
            let attached = operate.load_again(request).and_then(|mut loaded| {
                (loaded.managed, loaded.rank) = (true, rank);
                operate.commit(operate.prepare(Intent::Restore(loaded, earlier), Against::default())?)
            });
            if let Err(error) = attached {
                self.report(Broken::attachment(&tenant, &name, &format!(": {error}"), known));
            }
        }
        self.warn_of_closed();
        Ok(())
    }

    /// Logs which hook points are closed, and which hook points in the policy do not exist: a mistyped name protects
    /// nothing.
    fn warn_of_closed(&self) {
        for of in self.host.protection().iter().filter(|of| of.closed) {
            let missing = of.required.iter().filter(|required| !required.enabled);
            let missing: Vec<String> = missing.map(|of| format!("{}/{}", of.tenant, of.name)).collect();
            let (hook, missing) = (&of.hook, missing.join(", "));
            tracing::warn!(target: "tenterhook::control", "{hook} is closed: it requires {missing}, which no call reaches");
        }
        let hooks = self.host.hook_points();
        let names = || hooks.iter().map(|declaration| declaration.name.as_str());
        for (hook, _) in self.host.policy().requirements().filter(|(hook, _)| names().all(|name| name != *hook)) {
            let near = tenterhook::hooks::nearest(hook, names());
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            tracing::warn!(target: "tenterhook::control", "the policy requires attachments at {hook}, which is not a hook point{near}");
        }
    }

    /// Reports that a file is broken: in lists, in events, and in the program's own log.
    fn report(&self, broken: Broken) {
        let message = tenterhook::operate::escaped(broken.reason.as_bytes());
        tracing::warn!(target: "tenterhook::control", "not attached: {message}");
        let kind = EventKind::Broken { file: broken.file.as_str().into(), message: message.into() };
        let event = about(Event::new(kind), &broken);
        self.operate().emit(event);
        let mut all = self.broken.lock();
        all.retain(|other| other.file != broken.file);
        all.push(broken);
    }

    /// The broken attachment of that name, or the file of one that was added to the folder while the program runs.
    ///
    /// # Errors
    /// It does not exist, or it is attached.
    pub fn unattached(&self, tenant: &str, name: &str) -> Result<Broken, Rejection> {
        if let Ok(found) = self.find(tenant, name, None)
            && found.entry.managed
        {
            let message = format!("{tenant}/{name} is attached and not broken");
            return Err(Rejection::new(409, "not_broken", message));
        }
        if let Some(broken) = self.broken_one(tenant, name) {
            return Ok(broken);
        }
        let plain = !name.is_empty() && !name.starts_with('.') && !name.contains('/');
        match self.folder.as_ref().filter(|folder| plain && folder.has(tenant, name)) {
            None => Err(Plane::none_such(tenant, name)),
            Some(folder) => Ok(match folder.take(tenant, name) {
                Ok(record) => {
                    Broken::attachment(tenant, name, ": it was added while the program was running", Known::of(&record))
                }
                Err(broken) => *broken,
            }),
        }
    }

    /// The reserved place of a broken attachment in its chain, from 1, as far as its file contains it.
    pub fn kept_place(&self, broken: &Broken) -> Option<usize> {
        let (slot, order) = (self.operate().slot(broken.known.hook.as_deref()?).ok()?, broken.known.order?);
        let place = (order, broken.known.rank.unwrap_or(u128::MAX));
        Some(slot.count(|entry| (entry.order, entry.rank) <= place) + 1)
    }

    /// Attaches the current content of file and script in its place; the caller takes responsibility for it.
    ///
    /// # Errors
    /// The errors of attaching; the file stays as it is then, and is broken for that reason.
    pub fn adopt(&self, broken: &Broken, by: Caller) -> Result<Found, Rejection> {
        let (tenant, name) = (broken.tenant.as_str(), broken.name.as_deref().unwrap_or_default());
        let folder = self.folder.as_ref().ok_or_else(|| Plane::none_such(tenant, name))?;
        let record = folder.take(tenant, name).map_err(|broken| {
            let rejection = Rejection::new(422, "broken", broken.reason.clone());
            self.report(*broken);
            rejection
        })?;
        let (known, rank) = (Known::of(&record), record.rank);
        let still_broken = |rejection: &Rejection| {
            self.report(Broken::attachment(tenant, name, &format!(": {}", rejection.error.message), known.clone()));
        };
        let mut loaded =
            self.load(request(tenant, name, record), AttachmentId::next(), by).inspect_err(still_broken)?;
        loaded.rank = rank;
        // It is marked as broken from here on, so that the new attachment may use its file.
        if self.broken_one(tenant, name).is_none() {
            self.broken.lock().push(broken.clone());
        }
        self.attach(loaded, by)
    }

    /// Removes the file and its script; returns the host's revision.
    pub fn discard(&self, broken: &Broken, by: Caller) -> Result<u64, Rejection> {
        let (tenant, name) = (broken.tenant.as_str(), broken.name.as_deref().unwrap_or_default());
        let folder = self.folder.as_ref().ok_or_else(|| Plane::none_such(tenant, name))?;
        let _writing = self.write()?;
        if self.find(tenant, name, None).is_ok_and(|found| found.entry.managed) {
            return Err(Rejection::new(409, "not_broken", format!("{tenant}/{name} was attached meanwhile")));
        }
        let revision = self.operate().next_revision();
        folder.remove(tenant, name, revision).map_err(Rejection::storage)?;
        self.written(&file_name(tenant, name));
        let event = Event::new(EventKind::Discarded { file: broken.file.as_str().into() });
        self.operate().emit(about(event, broken).at(revision).by(Some(&by.to_string())));
        Ok(revision)
    }
}

/// Makes the event refer to the attachment that the file describes.
fn about(event: Event, broken: &Broken) -> Event {
    let Some(name) = &broken.name else { return event };
    event.about(Subject {
        tenant: broken.tenant.as_str().into(),
        attachment: name.as_str().into(),
        hook: broken.known.hook.as_deref().unwrap_or_default().into(),
        id: None,
    })
}

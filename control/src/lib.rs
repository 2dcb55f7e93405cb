//! The operators' plane of [Tenterhook](tenterhook): HTTP and JSON over a Unix socket, attachments saved in a folder.
//!
//! ```no_run
//! use tenterhook::Host;
//! use tenterhook_control::{Control, ControlOptions};
//!
//! let host = Host::builder().build()?;
//! // … hook points are declared …
//! let options = ControlOptions::new("run/program.sock").attachments("attachments");
//! let control = Control::serve(&host, options)?;
//! if control.broken() > 0 {
//!     eprintln!("{} attachments are broken; `tenterhook list` says why", control.broken());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! ```text
//! Control::serve ─▶ thread ── accept ─▶ connection ─▶ ROUTES ─▶ handler ─▶ Plane ──────▶ Folder, Host
//!                    server.rs          server.rs      routes.rs  handlers/  changes.rs  folder/
//!                └▶ thread: what is in force and not in the folder yet is saved          saving.rs, unsaved.rs
//!                    socket.rs          caller.rs: who asks, and what may they do
//!                    restore.rs: what the folder holds, and what of it is broken
//!                    audit.rs: who changed what
//! ```
//!
//! Nothing here runs on the call path. A few threads handle requests; connections, bodies and time are bounded.
//! Requests and responses are the types of [`tenterhook_control_api`]; the OpenAPI document that is served, and checked
//! in as `openapi.json`, is generated from them and from the routes (`document.rs`).

#![forbid(unsafe_code)]

mod answer;
mod asked;
mod audit;
mod body;
mod caller;
mod changes;
mod document;
mod folder;
mod handlers;
mod limits;
mod loads;
mod locate;
mod locked;
mod metrics;
mod operation;
mod options;
mod parameters;
mod plane;
mod protection;
mod rejection;
mod restore;
mod routes;
mod saving;
mod server;
mod socket;
mod stream;
mod unsaved;
mod views;

use std::sync::Arc;
use std::thread::JoinHandle;

use tenterhook::Host;
use tokio::sync::watch;

pub use options::{ControlError, ControlOptions};
use plane::Plane;
use socket::Bound;

/// The control plane of a host.
pub struct Control;

/// A running control plane. Dropping it stops it and removes the socket; attachments stay.
#[must_use = "dropping it stops the control plane"]
pub struct ControlHandle {
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    broken: usize,
}

impl Control {
    /// Attaches what the folder contains, and serves on the socket until the handle is dropped. Hook points have to be
    /// declared before: a saved attachment for an undeclared one is reported as broken.
    ///
    /// # Errors
    /// [`ControlError`]: a socket that another host serves or that cannot be created, a folder that cannot be read, an
    /// operator of the policy that this machine does not know. A broken attachment in the folder is not an error: it is
    /// not attached, and is reported ([`ControlHandle::broken`]).
    pub fn serve(host: &Host, options: ControlOptions) -> Result<ControlHandle, ControlError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(limits::WORKERS)
            .thread_name("tenterhook-work")
            .build()
            .map_err(|e| ControlError::Runtime { reason: e.to_string() })?;
        caller::check_names(&host.policy())?;
        // The socket comes first: its holder may write the folder.
        let bound = Bound::new(&options)?;
        let plane = Arc::new(Plane::open(host, &options, document::text())?);
        plane.restore(&options)?;
        let broken = plane.broken().len();
        let (stop, stopped) = watch::channel(false);
        let wrong = |e: std::io::Error| ControlError::Runtime { reason: e.to_string() };
        let saving = {
            let plane = Arc::clone(&plane);
            let thread = std::thread::Builder::new().name("tenterhook-save".to_owned());
            thread.spawn(move || saving::run(&plane)).map_err(wrong)?
        };
        let served = Arc::clone(&plane);
        let thread = std::thread::Builder::new()
            .name("tenterhook-control".to_owned())
            .spawn(move || {
                let lock = runtime.block_on(server::serve(bound, Arc::clone(&served), stopped));
                // Requests that are still being handled may write the folder, so they end before the locks are
                // released.
                drop(runtime);
                served.unsaved.stop();
                // The thread does not panic: its functions return errors.
                let _ = saving.join();
                // The folder's lock is released first, then the socket's.
                drop(served);
                drop(lock);
            })
            .map_err(|e| {
                plane.unsaved.stop();
                wrong(e)
            })?;
        drop(plane);
        Ok(ControlHandle { stop, thread: Some(thread), broken })
    }
}

impl ControlHandle {
    /// The number of files of the folder that could not be attached at start. A warning was logged for each through
    /// `tracing`, target `tenterhook::control`; `GET /v1/attachments` lists them with their reasons, and operators
    /// adopt or discard them. Programs should report the number too.
    pub fn broken(&self) -> usize {
        self.broken
    }
}

impl Drop for ControlHandle {
    fn drop(&mut self) {
        // An error means that the server has ended already.
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

//! Options of a control plane, and errors of setting one up.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

/// Options of a control plane.
#[derive(Debug, Clone)]
#[must_use]
pub struct ControlOptions {
    pub(super) socket: PathBuf,
    pub(super) folder: Option<PathBuf>,
    pub(super) audit: Option<PathBuf>,
    pub(super) group: Option<u32>,
    pub(super) owner_is_operator: bool,
    pub(super) fails: Option<Fails>,
}

/// Called before each step that changes the folder, with the step's name; an error that it returns is the result of the
/// step.
#[derive(Clone)]
pub(super) struct Fails(pub Arc<dyn Fn(&'static str) -> std::io::Result<()> + Send + Sync>);

impl std::fmt::Debug for Fails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fails")
    }
}

impl ControlOptions {
    /// Serves on this socket, for the user that the program runs as. The folder that contains the socket must exist.
    pub fn new(socket: impl Into<PathBuf>) -> ControlOptions {
        ControlOptions {
            socket: socket.into(),
            folder: None,
            audit: None,
            group: None,
            owner_is_operator: true,
            fails: None,
        }
    }

    /// The folder in which attachments are saved, so that they survive a restart; created if necessary. Without one
    /// they last as long as the process.
    pub fn attachments(mut self, folder: impl Into<PathBuf>) -> ControlOptions {
        self.folder = Some(folder.into());
        self
    }

    /// A file to which a JSON line is appended for every change and every rejected request. They go to `tracing`,
    /// target `tenterhook::audit`, in any case.
    pub fn audit(mut self, file: impl Into<PathBuf>) -> ControlOptions {
        self.audit = Some(file.into());
        self
    }

    /// A group that may connect to the socket (mode 0660 instead of 0600). The policy decides what its members are
    /// authorised to do.
    pub fn group(mut self, gid: u32) -> ControlOptions {
        self.group = Some(gid);
        self
    }

    /// Whether root and the user that the program runs as are authorised for everything; this is the default. If not,
    /// the policy's operators decide for them too.
    pub fn owner_may_do_all(mut self, may: bool) -> ControlOptions {
        self.owner_is_operator = may;
        self
    }

    /// Simulates a failing disk: called before each step that changes the folder (`create`, `write`, `sync`, `rename`,
    /// `remove`). For tests.
    #[cfg(feature = "inspect")]
    #[doc(hidden)]
    pub fn disk(mut self, fails: impl Fn(&'static str) -> std::io::Result<()> + Send + Sync + 'static) -> Self {
        self.fails = Some(Fails(Arc::new(fails)));
        self
    }

    /// The socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }
}

/// Why a control plane cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ControlError {
    /// Another process, or another host of this process, serves on the socket.
    #[error("{}: another host serves on this socket", socket.display())]
    InUse {
        /// The socket.
        socket: PathBuf,
    },
    /// Another control plane uses the folder.
    #[error(
        "{}: another program uses this folder of attachments{}",
        folder.display(),
        pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
    )]
    FolderInUse {
        /// The folder.
        folder: PathBuf,
        /// The process, if it has written its id.
        pid: Option<u32>,
    },
    /// The socket cannot be created there.
    #[error("{}: {reason}", path.display())]
    Socket {
        /// The socket, or the folder that contains it.
        path: PathBuf,
        /// What was expected and what was found.
        reason: String,
    },
    /// The folder of attachments, or the audit file, cannot be used.
    #[error("{}: {reason}", path.display())]
    Storage {
        /// The folder or file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The policy names an operator whom this machine does not know.
    #[error("{at}: operators: no {who} on this machine")]
    Operator {
        /// File and line of the policy.
        at: String,
        /// The operator, such as `user alice`.
        who: String,
    },
    /// Threads cannot be started.
    #[error("the control plane's threads cannot be started: {reason}")]
    Runtime {
        /// The reason.
        reason: String,
    },
}

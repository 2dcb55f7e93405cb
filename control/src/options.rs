//! How a control plane is set up, and why it cannot be.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

/// How a control plane is set up.
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

/// Asked before each step that changes the folder, with the step's name; an error it returns is what the step comes to.
#[derive(Clone)]
pub(super) struct Fails(pub Arc<dyn Fn(&'static str) -> std::io::Result<()> + Send + Sync>);

impl std::fmt::Debug for Fails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Fails")
    }
}

impl ControlOptions {
    /// To serve on that socket, for the user that the program runs as. The folder that it lies in has to be there.
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

    /// Where attachments are kept, so that they come back after a restart; made if it is not there. Without one they
    /// last as long as the process.
    pub fn attachments(mut self, folder: impl Into<PathBuf>) -> ControlOptions {
        self.folder = Some(folder.into());
        self
    }

    /// A file to which a JSON line is appended for every change and every refusal. They go to `tracing`, target
    /// `tenterhook::audit`, in any case.
    pub fn audit(mut self, file: impl Into<PathBuf>) -> ControlOptions {
        self.audit = Some(file.into());
        self
    }

    /// A group that may connect to the socket (mode 0660 instead of 0600). What its members may do is for the policy to
    /// say.
    pub fn group(mut self, gid: u32) -> ControlOptions {
        self.group = Some(gid);
        self
    }

    /// Whether root and the user that the program runs as may do all; they may unless said. If not, they too are held to
    /// the policy's operators.
    pub fn owner_may_do_all(mut self, may: bool) -> ControlOptions {
        self.owner_is_operator = may;
        self
    }

    /// A disk that fails: asked before each step that changes the folder (`create`, `write`, `sync`, `rename`, `remove`).
    /// For tests.
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
    /// Another process, or another host of this one, serves there.
    #[error("{}: another host serves on this socket", socket.display())]
    InUse {
        /// The socket.
        socket: PathBuf,
    },
    /// Another control plane keeps its attachments there.
    #[error(
        "{}: another program uses this folder of attachments{}",
        folder.display(),
        pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
    )]
    FolderInUse {
        /// The folder.
        folder: PathBuf,
        /// The process, if it has said so.
        pid: Option<u32>,
    },
    /// The socket cannot be made there.
    #[error("{}: {reason}", path.display())]
    Socket {
        /// The socket, or the folder that it lies in.
        path: PathBuf,
        /// What was expected and what was there.
        reason: String,
    },
    /// The folder of attachments, or the audit file, cannot be used.
    #[error("{}: {reason}", path.display())]
    Storage {
        /// The folder or file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The policy names an operator whom this machine does not know.
    #[error("{at}: operators: no {who} on this machine")]
    Operator {
        /// File and line of the policy.
        at: String,
        /// Such as `user alice`.
        who: String,
    },
    /// Threads cannot be started.
    #[error("the control plane's threads cannot be started: {reason}")]
    Runtime {
        /// Why not.
        reason: String,
    },
}

//! A running program: its control socket, and the requests to it.
//!
//! ```text
//! LiveArgs ──▶ Client ── request ─▶ the program's /v1/…            (client.rs)
//!                │
//!                ├─ 2xx ─▶ JSON, or a line after the other of a stream
//!                └─ 4xx, 5xx, no server ─▶ Refusal, Unreachable   (refusal.rs): each has its exit code
//! present  an attachment as it is now, or the nearest name            (present.rs)
//! target   tenant/name                                               (target.rs)
//! hooks    declarations of hook points                              (hooks.rs)
//! filter   --tenant, --hook: names that exist                          (filter.rs)
//! lines    parts of answers in a line each                           (lines.rs)
//! bundle   a script and its modules, out of files                     (bundle.rs)
//! ```

mod bundle;
mod client;
mod filter;
mod hooks;
mod lines;
mod present;
mod refusal;
mod target;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

pub use bundle::Bundle;
pub use client::Client;
pub use filter::Filter;
pub use hooks::{declaration, encoded, hook_point};
pub use lines::{TAKEN_BACK, not_kept, protection};
pub use present::{present, revision, suggest};
pub use refusal::{Refusal, Unreachable};
pub use target::Target;

/// The program to connect to.
#[derive(Debug, Clone, Default, Args)]
pub struct LiveArgs {
    /// Control socket of the running program
    #[arg(long, value_name = "PATH", env = "TENTERHOOK_SOCKET", hide_env_values = true, global = true)]
    pub socket: Option<PathBuf>,
}

impl LiveArgs {
    /// A client of the program; nothing is sent yet.
    pub fn client(&self) -> Result<Client> {
        self.client_if_named()?
            .context("no program given: set its control socket with --socket PATH or the variable TENTERHOOK_SOCKET")
    }

    /// As [`LiveArgs::client`]; `None` if no socket was given.
    pub fn client_if_named(&self) -> Result<Option<Client>> {
        self.socket.as_ref().map(|path| Client::new(path.clone())).transpose()
    }
}

/// Prints a response as it is.
pub fn print_json(json: &serde_json::Value, out: &mut dyn std::io::Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, json)?;
    writeln!(out)?;
    Ok(())
}

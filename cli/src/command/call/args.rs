//! The arguments of `call`, and what both kinds of calls share.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;
use serde_json::Value as Json;

use crate::live::{LiveArgs, Target};
use crate::setup::{Overrides, PolicyArgs};
use crate::{input, text};

/// Calls a script's handler, or fires a hook point of a running program
#[derive(Debug, Args)]
pub struct CallArgs {
    /// Hook point, such as bgp.route_match
    #[arg(long, value_name = "NAME")]
    pub hook: String,
    /// Lua script with the hook point's handler; without it, the running program's hook point is fired
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
    /// Call only this attachment of the running program
    #[arg(long, value_name = "TENANT/NAME", conflicts_with = "script")]
    pub attachment: Option<Target>,
    /// Arguments as JSON, from a file or standard input (-); by default the hook point's sample
    #[arg(long, value_name = "FILE|-")]
    pub args: Option<PathBuf>,
    #[command(flatten)]
    pub policy: PolicyArgs,
    #[command(flatten)]
    pub overrides: Overrides,
    #[command(flatten)]
    pub live: LiveArgs,
    /// Number of calls
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub repeat: u64,
    /// Print one line of JSON per call
    #[arg(long)]
    pub json: bool,
}

/// JSON from a file or from standard input (`-`), and its name.
pub fn json(path: &Path) -> Result<(String, Json)> {
    let name = input::name(path);
    let json = serde_json::from_slice(&input::read(path, "arguments")?);
    Ok((name.clone(), json.with_context(|| format!("{name}: expected JSON"))?))
}

/// Further lines under the first.
pub fn indented(message: &str) -> String {
    text::plain(message).replace('\n', "\n         ")
}

//! `tenterhook list` and `tenterhook show`: what is attached in a running program.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use serde::Deserialize;
use serde_json::Value as Json;
use tenterhook::policies::Bytes;

use super::{policy, stats};
use crate::exit::Exit;
use crate::live::{Attachment, Attachments, LiveArgs, Stats, Target, print_json};
use crate::text;

/// Lists what is attached in a running program
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Shows one attachment: its script, rules and statistics
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The attachment
    #[arg(value_name = "TENANT/NAME")]
    target: Target,
    /// Only the script's text
    #[arg(long, conflicts_with = "json")]
    source: bool,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Which attachments.
#[derive(Debug, Default, Clone, Args)]
pub struct Filter {
    /// Only this tenant's
    #[arg(long, value_name = "NAME")]
    pub tenant: Option<String>,
    /// Only at this hook point
    #[arg(long, value_name = "NAME")]
    pub hook: Option<String>,
}

impl Filter {
    /// As a query.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let parts = [("tenant", &self.tenant), ("hook", &self.hook)];
        parts.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect()
    }
}

/// Runs `list`.
pub fn list(args: &ListArgs, out: &mut dyn Write) -> Result<Exit> {
    let answer: Json = args.live.client()?.get("/v1/attachments", &args.filter.query())?;
    if args.json {
        print_json(&answer, out)?;
        return Ok(Exit::Result);
    }
    let listed: Attachments = serde_json::from_value(answer)?;
    if listed.attachments.is_empty() {
        writeln!(out, "nothing is attached")?;
    } else {
        let mut table = text::fitted(&["hook point", "place", "attachment", "order", "status", "script", "changed"]);
        for a in &listed.attachments {
            table.add_row([
                a.hook.clone().into(),
                text::right(a.position),
                format!("{}/{}", a.tenant, a.name).into(),
                text::right(a.order),
                status(a).into(),
                text::plain(&a.script).into(),
                comfy_table::Cell::new(moment(&a.changed)),
            ]);
        }
        text::print(&table, out)?;
    }
    for broken in &listed.broken {
        writeln!(out, "skipped {}: {}", text::plain(&broken.file), text::plain(&broken.reason))?;
    }
    for unsaved in &listed.unsaved {
        writeln!(out, "{unsaved}")?;
    }
    Ok(Exit::Result)
}

/// One attachment in full.
#[derive(Debug, Deserialize)]
struct Detail {
    attachment: Attachment,
    source: Json,
    rules: Json,
    stats: Stats,
}

/// Runs `show`.
pub fn show(args: &ShowArgs, out: &mut dyn Write) -> Result<Exit> {
    let answer: Json = args.live.client()?.get(&args.target.path(), &[])?;
    if args.json {
        print_json(&answer, out)?;
        return Ok(Exit::Result);
    }
    let detail: Detail = serde_json::from_value(answer)?;
    if args.source {
        write!(out, "{}", source(&detail.source))?;
        return Ok(Exit::Result);
    }
    let a = &detail.attachment;
    writeln!(out, "{}/{} at {}, place {} in the chain, order {}", a.tenant, a.name, a.hook, a.position, a.order)?;
    writeln!(out, "status     {}", status(a))?;
    let modules = if a.modules.is_empty() { String::new() } else { format!(", modules {}", a.modules.join(", ")) };
    writeln!(out, "script     {}{}", text::plain(&a.script), text::plain(&modules))?;
    writeln!(out, "sha256     {}", a.sha256)?;
    let by = a.by.as_deref().unwrap_or("the program");
    writeln!(out, "revision   {}, changed {} by {}", a.revision, moment(&a.changed), text::plain(by))?;
    writeln!(
        out,
        "memory     {} at the start of a call; image {}",
        Bytes::new(a.memory_bytes),
        Bytes::new(a.image_bytes)
    )?;
    writeln!(out)?;
    stats::detail(&detail.stats, out)?;
    writeln!(out)?;
    policy::rules(&detail.rules, out)?;
    Ok(Exit::Result)
}

/// A source as text, safe for a terminal.
fn source(json: &Json) -> String {
    match json.as_str() {
        Some(text) => text::plain(text),
        None => format!("{json}\n"),
    }
}

/// In a word or two.
fn status(a: &Attachment) -> String {
    let mut parts = Vec::new();
    match &a.quarantine {
        Some(quarantine) => parts.push(quarantine.state.clone()),
        None => parts.push(if a.enabled { "enabled" } else { "disabled" }.to_owned()),
    }
    if a.state == "kept" {
        parts.push("state kept".to_owned());
    }
    if !a.managed {
        parts.push("by the program".to_owned());
    }
    parts.join(", ")
}

/// `2026-11-24T13:49:49Z`: a time of the program's, which are all RFC 3339 in UTC, to the second.
pub fn moment(time: &str) -> String {
    text::time(time, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_second() {
        assert_eq!(moment("2026-11-24T13:49:49.123456Z"), "2026-11-24T13:49:49Z");
    }

    #[test]
    fn a_filter_is_a_query() {
        let filter = Filter { tenant: Some("acme".into()), hook: None };
        assert_eq!(filter.query(), [("tenant", "acme".to_owned())]);
    }
}

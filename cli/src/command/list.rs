//! `tenterhook list` and `tenterhook show`: what is attached in a running program.

use std::collections::HashMap;
use std::io::Write;

use anyhow::Result;
use clap::Args;
use serde_json::Value as Json;
use tenterhook::policies::Bytes;
use tenterhook_control_api::{AllStats, Attachment, Attachments, Broken, BrokenDetail, Counts, Detail, Hex, Source};

use super::watch::WatchArgs;
use super::{policy, stats};
use crate::exit::Exit;
use crate::live::{Client, Filter, LiveArgs, Target, not_kept, print_json, protection, suggest};
use crate::text;

/// Lists what is attached in a running program
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    watch: WatchArgs,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON; with --watch one line for each change
    #[arg(long)]
    json: bool,
}

/// Shows one attachment: its script, rules and statistics
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The attachment
    #[arg(value_name = "TENANT/NAME")]
    target: Target,
    /// Print only the script's source text
    #[arg(long, conflicts_with = "json")]
    source: bool,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs `list`.
pub fn list(args: &ListArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?;
    args.watch.show(args.json, out, |out| once(args, &client, out))?;
    Ok(Exit::Result)
}

/// Lists the attachments once.
fn once(args: &ListArgs, client: &Client, out: &mut dyn Write) -> Result<()> {
    let answer: Json = client.get("/v1/attachments", &args.filter.query())?;
    let listed: Attachments = serde_json::from_value(answer.clone())?;
    if listed.attachments.is_empty() && listed.broken.is_empty() {
        args.filter.known(client)?;
    }
    if args.json && args.watch.is_on() {
        writeln!(out, "{answer}")?;
        return Ok(());
    }
    if args.json {
        return print_json(&answer, out);
    }
    let broken: Vec<&Broken> = listed.broken.iter().filter(|broken| broken.name.is_some()).collect();
    if listed.attachments.is_empty() && broken.is_empty() {
        writeln!(out, "nothing is attached")?;
    } else {
        let stats: AllStats = client.get("/v1/stats", &args.filter.query())?;
        table(&listed.attachments, &broken, &stats, out)?;
    }
    for of in listed.protection.iter().filter(|of| of.closed) {
        writeln!(out, "{}", protection(of))?;
    }
    for broken in &listed.broken {
        writeln!(out, "broken: {}", text::plain(&broken.reason))?;
    }
    if let Some(broken) = broken.first() {
        let title = text::line(&broken.title());
        writeln!(out, "`tenterhook show {title}` shows one; adopt, replace or discard it")?;
    }
    for unsaved in &listed.unsaved {
        writeln!(out, "{}", not_kept(unsaved))?;
    }
    Ok(())
}

/// The attachments, and the broken ones at the places where they would run.
fn table(attachments: &[Attachment], broken: &[&Broken], stats: &AllStats, out: &mut dyn Write) -> Result<()> {
    let stats: HashMap<u64, &Counts> = stats
        .attachments
        .iter()
        .map(|stats| (stats.id, stats.since_replace.as_ref().unwrap_or(&stats.counts)))
        .collect();
    let header = ["hook point", "place", "attachment", "order", "status", "health", "script", "changed"];
    let mut table = text::table(&header);
    let mut broken = broken.to_vec();
    for a in attachments {
        let (here, later): (Vec<&Broken>, Vec<&Broken>) = broken.into_iter().partition(|broken| {
            broken.hook.as_ref() == Some(&a.hook) && broken.position.is_some_and(|place| place <= a.position)
        });
        broken = later;
        for one in here {
            table.add_row(broken_row(one));
        }
        table.add_row([
            a.hook.clone().into(),
            text::right(a.position),
            format!("{}/{}", a.tenant, a.name).into(),
            text::right(a.order),
            status(a).into(),
            health(a, stats.get(&a.id).copied()).into(),
            text::line(&a.script).into(),
            comfy_table::Cell::new(text::moment(&a.changed)),
        ]);
    }
    for one in broken {
        table.add_row(broken_row(one));
    }
    // The columns with name and health are kept longest.
    text::print_fitted(table, &[], &[6, 7, 3, 1, 4, 0], out)?;
    Ok(())
}

fn broken_row(broken: &Broken) -> [comfy_table::Cell; 8] {
    let number = |number: Option<String>| text::right(number.unwrap_or_else(|| "?".to_owned()));
    [
        text::line(broken.hook.as_deref().unwrap_or("?")).into(),
        number(broken.position.map(|place| place.to_string())),
        text::line(&broken.title()).into(),
        number(broken.order.map(|order| order.to_string())),
        "broken".into(),
        "no calls".into(),
        text::line(broken.script.as_deref().unwrap_or("?")).into(),
        "".into(),
    ]
}

/// What is wrong with a broken attachment, and its files on disk.
fn show_broken(detail: &BrokenDetail, only_source: bool, out: &mut dyn Write) -> Result<Exit> {
    if only_source {
        write!(out, "{}", detail.source.as_ref().map_or("null\n".to_owned(), source))?;
        return Ok(Exit::Result);
    }
    let broken = &detail.broken;
    let title = text::line(&broken.title());
    let hook = broken.hook.as_deref().map_or("a hook point that its file does not name".to_owned(), text::line);
    writeln!(out, "{title} at {hook}: broken, so no call reaches it")?;
    writeln!(out, "reason     {}", text::plain(&broken.reason))?;
    writeln!(out, "file       {}, revision {}", text::line(&broken.file), broken.revision)?;
    writeln!(out, "`tenterhook adopt {title}` attaches its files as they are now, `discard` removes them")?;
    for (heading, content) in [("file", &detail.record), ("script", &detail.source)] {
        match content {
            None => writeln!(out, "\nthe {heading} cannot be read")?,
            Some(text) => writeln!(out, "\nthe {heading}:\n{}", source(text).trim_end())?,
        }
    }
    Ok(Exit::Result)
}

/// The health of an attachment, by its calls since it was attached, or its script replaced.
///
/// | | |
/// | --- | --- |
/// | `quarantined`, `probing` | kept out of its chain |
/// | `never called` | |
/// | `ok` | no call failed |
/// | `faults 12 %`, `denied 3 %` | of all calls |
/// | `only faults` | every one |
fn health(a: &Attachment, counts: Option<&Counts>) -> String {
    if let Some(quarantine) = &a.quarantine {
        return quarantine.state.clone();
    }
    let Some(counts) = counts.filter(|counts| counts.calls > 0) else { return "never called".to_owned() };
    let (calls, faults, denials) = (counts.calls, counts.faults.total(), counts.denials.total());
    match (faults, denials) {
        (0, 0) => "ok".to_owned(),
        (faults, 0) if faults >= calls => "only faults".to_owned(),
        (0, denials) => format!("denied {}", percent(denials, calls)),
        (faults, 0) => format!("faults {}", percent(faults, calls)),
        _ => format!("faults {}, denied {}", percent(faults, calls), percent(denials, calls)),
    }
}

/// `12 %`; never 0 % of a positive count, nor 100 % of less than all.
fn percent(part: u64, whole: u64) -> String {
    let percent = 100.0 * part as f64 / whole as f64;
    match percent {
        _ if part >= whole => "100 %".to_owned(),
        percent if percent < 0.1 => "<0.1 %".to_owned(),
        percent if percent < 10.0 => format!("{percent:.1} %"),
        percent if percent > 99.0 => ">99 %".to_owned(),
        percent => format!("{percent:.0} %"),
    }
}

/// Runs `show`.
pub fn show(args: &ShowArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?;
    let answer = client.get::<Json>(&args.target.path(), &[]);
    let answer = answer.map_err(|error| suggest(&client, &args.target, error))?;
    if args.json {
        print_json(&answer, out)?;
        return Ok(Exit::Result);
    }
    let detail = match serde_json::from_value(answer)? {
        Detail::Whole(detail) => detail,
        Detail::Broken(detail) => return show_broken(&detail, args.source, out),
    };
    if args.source {
        write!(out, "{}", source(&detail.source))?;
        return Ok(Exit::Result);
    }
    let (all, replaced) = (&detail.stats.counts, detail.stats.since_replace.as_ref());
    let a = &detail.attachment;
    writeln!(out, "{}/{} at {}, place {} in the chain, order {}", a.tenant, a.name, a.hook, a.position, a.order)?;
    writeln!(out, "status     {}", status(a))?;
    writeln!(out, "health     {}", health(a, Some(replaced.unwrap_or(all))))?;
    let modules = if a.modules.is_empty() { String::new() } else { format!(", modules {}", a.modules.join(", ")) };
    writeln!(out, "script     {}{}", text::plain(&a.script), text::plain(&modules))?;
    writeln!(out, "sha256     {}", a.sha256)?;
    let by = a.by.as_deref().unwrap_or("the program");
    writeln!(out, "revision   {}, changed {} by {}", a.revision, text::moment(&a.changed), text::plain(by))?;
    writeln!(
        out,
        "memory     {} at the start of a call; image {}",
        Bytes::new(a.memory_bytes),
        Bytes::new(a.image_bytes)
    )?;
    writeln!(out)?;
    stats::detail(all, out)?;
    writeln!(out)?;
    if let Some(replaced) = replaced {
        writeln!(out, "of these, since it was replaced:")?;
        stats::detail(replaced, out)?;
        writeln!(out)?;
    }
    policy::rules(&serde_json::to_value(&detail.rules)?, out)?;
    Ok(Exit::Result)
}

/// A source as text, safe for a terminal.
fn source(of: &Source) -> String {
    match of {
        Source::Text(text) => text::plain(text),
        Source::Bytes(Hex { bytes }) => format!("{{\"bytes\":\"{bytes}\"}}\n"),
    }
}

/// The status in a word or two.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_neither_nothing_nor_all_unless_they_are() {
        let cases = [(1, 10_000, "<0.1 %"), (1, 1_000, "0.1 %"), (95, 1_000, "9.5 %"), (10, 100, "10 %")];
        for (part, whole, text) in cases.into_iter().chain([(9_999, 10_000, ">99 %"), (7, 7, "100 %")]) {
            assert_eq!(percent(part, whole), text);
        }
    }

    #[test]
    fn health_is_told_in_a_word_or_two() -> Result<()> {
        let mut a: Attachment = serde_json::from_value(serde_json::json!({
            "id": 1, "tenant": "t", "name": "n", "hook": "h.h", "script": "s.lua", "modules": [], "order": 0, "position": 1,
            "enabled": true, "managed": true, "state": "fresh", "revision": 1, "changed": "", "sha256": "",
            "image_bytes": 0, "memory_bytes": 0, "quarantine": null, "by": null,
        }))?;
        let stats = |calls: u64, faults: u64, denials: u64| {
            let by_fuel = |count: u64| [("fuel", count)].into_iter().collect();
            Counts { calls, faults: by_fuel(faults), denials: by_fuel(denials), ..Counts::default() }
        };
        for (calls, faults, denials, word) in [
            (0, 0, 0, "never called"),
            (5, 0, 0, "ok"),
            (5, 5, 0, "only faults"),
            (100, 12, 0, "faults 12 %"),
            (100, 0, 3, "denied 3.0 %"),
            (100, 50, 50, "faults 50 %, denied 50 %"),
        ] {
            assert_eq!(health(&a, Some(&stats(calls, faults, denials))), word);
        }
        a.quarantine = Some(serde_json::from_value(serde_json::json!({
            "state": "quarantined", "cause": "", "since": "", "until": null,
        }))?);
        assert_eq!(health(&a, Some(&stats(5, 0, 0))), "quarantined");
        Ok(())
    }
}

//! `tenterhook tail` and `tenterhook events`: print what happens in a running program, line by line.

use std::io::Write;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use serde_json::Value as Json;

use crate::exit::Exit;
use crate::live::{Client, Filter, LiveArgs, Target, present};
use crate::text;

/// Shows log lines, faults, denials and sampled calls as they happen
#[derive(Debug, Args)]
pub struct TailArgs {
    #[command(flatten)]
    filter: Filter,
    /// Only this attachment as TENANT/NAME, or all attachments called NAME
    #[arg(long, value_name = "[TENANT/]NAME")]
    attachment: Option<String>,
    /// Only these kinds, comma-separated: log, fault, denied, call
    #[arg(long, value_name = "KINDS", default_value = "log,fault,denied")]
    kind: String,
    /// Show one in N calls, if calls are among the kinds
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    sample: Option<u32>,
    /// Follow new events; always on, because nothing is stored (`events` has a history)
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    show: ShowArgs,
}

/// Shows changes with their authors, quarantines and rejected requests
#[derive(Debug, Args)]
pub struct EventsArgs {
    #[command(flatten)]
    filter: Filter,
    /// Only these kinds, comma-separated, such as attached,replaced
    #[arg(long, value_name = "KINDS")]
    kind: Option<String>,
    /// Only events after this number
    #[arg(long, value_name = "SEQ")]
    since: Option<u64>,
    /// Continue with new events
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    show: ShowArgs,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// Exit after N lines
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    #[command(flatten)]
    live: LiveArgs,
    /// Print one line of JSON for each event
    #[arg(long)]
    json: bool,
}

/// The kinds of `tail`.
const KINDS: [&str; 4] = ["log", "fault", "denied", "call"];

/// Runs `tail`.
pub fn tail(args: &TailArgs, out: &mut dyn Write) -> Result<Exit> {
    for kind in args.kind.split(',') {
        if !KINDS.contains(&kind) {
            let near = tenterhook::hooks::nearest(kind, KINDS.into_iter());
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            bail!("--kind: no kind {kind:?}{near} expected some of {}", KINDS.join(", "));
        }
    }
    let client = args.show.live.client()?;
    let mut filter = args.filter.clone();
    let mut name = args.attachment.clone();
    if let Some(target) = name.as_ref().filter(|name| name.contains('/')) {
        let target: Target = target.parse().map_err(|error: String| anyhow!("--attachment {target}: {error}"))?;
        let there = present(&client, &target)?;
        let elsewhere = filter.tenant.as_ref().is_some_and(|tenant| *tenant != target.tenant)
            || filter.hook.as_ref().is_some_and(|hook| *hook != there.hook);
        if elsewhere {
            bail!("{target} belongs to tenant {} at {}, which --tenant and --hook exclude", there.tenant, there.hook);
        }
        filter.tenant = Some(target.tenant);
        name = Some(target.name);
    }
    // A name that does not exist would be waited for.
    match &name {
        Some(name) => filter.knows(&client, name)?,
        None => filter.known(&client)?,
    }
    let mut query = filter.query();
    query.push(("kind", args.kind.clone()));
    query.extend(name.map(|name| ("attachment", name)));
    query.extend(args.sample.map(|sample| ("sample", sample.to_string())));
    show(&client, "/v1/tail", &query, true, &args.show, out)
}

/// Runs `events`.
pub fn events(args: &EventsArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut query = args.filter.query();
    query.extend(args.kind.clone().map(|kind| ("kind", kind)));
    query.extend(args.since.map(|since| ("since", since.to_string())));
    let client = args.show.live.client()?;
    // The remembered events may belong to a tenant that no longer has anything.
    let remembered = [&args.filter.query()[..], &[("follow", "false".to_owned())]].concat();
    let mut is_known = args.filter.is_empty();
    if !is_known {
        client.stream("/v1/events", &remembered, false, |_| {
            is_known = true;
            Ok(false)
        })?;
    }
    if !is_known {
        args.filter.known(&client)?;
    }
    query.push(("follow", args.follow.to_string()));
    show(&client, "/v1/events", &query, args.follow, &args.show, out)
}

fn show(
    client: &Client,
    path: &str,
    query: &[(&str, String)],
    follow: bool,
    args: &ShowArgs,
    out: &mut dyn Write,
) -> Result<Exit> {
    let coloured = text::is_coloured();
    let mut left = args.count.unwrap_or(u64::MAX);
    client.stream(path, query, follow, |bytes| {
        if args.json {
            out.write_all(bytes)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", line(&serde_json::from_slice(bytes)?, coloured))?;
        }
        // The reader wants to see each line at once.
        out.flush()?;
        left -= 1;
        Ok(left > 0)
    })?;
    Ok(Exit::Result)
}

/// An event for people: time, kind, subject, and the rest.
fn line(event: &Json, coloured: bool) -> String {
    let kind = event["kind"].as_str().unwrap_or("?");
    let time = text::time(event["time"].as_str().unwrap_or_default(), 3);
    let subject = match (event["tenant"].as_str(), event["name"].as_str()) {
        (Some(tenant), Some(attachment)) => format!("{tenant}/{attachment} "),
        (Some(tenant), None) => format!("{tenant} "),
        _ => String::new(),
    };
    let style = match (kind, event["level"].as_str()) {
        ("fault" | "broken" | "quarantined" | "unsaved", _) | ("log", Some("error")) => "31",
        ("denied" | "refused" | "lost", _) | ("log", Some("warn")) => "33",
        ("call", _) | ("log", Some("trace" | "debug")) => "2",
        _ => "1",
    };
    let kind = text::styled(&format!("{kind:<9}"), style, coloured);
    let rest = text::plain(&rest(event)).replace('\n', "\n    ");
    format!("{time} {kind} {}{rest}", text::plain(&subject)).trim_end().to_owned()
}

fn rest(event: &Json) -> String {
    let text = |key: &str| event[key].as_str().unwrap_or_default();
    let number = |key: &str| event[key].as_u64();
    let suppressed = match number("suppressed") {
        Some(count) if count > 0 => format!(" (and {} more)", text::grouped(count)),
        _ => String::new(),
    };
    match text("kind") {
        "log" => {
            let line = number("line").map(|line| format!(":{line}")).unwrap_or_default();
            format!("{} {}{line}: {}", text("level"), text("script"), text("message"))
        }
        "fault" => {
            let traceback = event["traceback"].as_str().map(|traceback| format!("\n{traceback}")).unwrap_or_default();
            format!("{}: {}{suppressed}{traceback}", text("cause"), text("message"))
        }
        "denied" => format!("{}{suppressed}", text("cause")),
        "call" => {
            let time = text::duration(Duration::from_nanos(number("latency_ns").unwrap_or_default()));
            let fuel = text::grouped(number("fuel").unwrap_or_default());
            let answer = if event["answer"].is_null() { "failed".to_owned() } else { event["answer"].to_string() };
            format!("{} → {answer}, {fuel} fuel, {time}", event["arguments"])
        }
        "lost" => {
            format!(
                "{} lost, because this reader was too slow",
                text::counted(number("count").unwrap_or_default(), "event")
            )
        }
        _ => {
            let mut parts = Vec::new();
            parts.extend(event["hook"].as_str().map(|hook| format!("at {hook}")));
            parts.extend(event["file"].as_str().map(str::to_owned));
            parts.extend(event["order"].as_i64().map(|order| format!("order {order}")));
            parts.extend(event["change"].as_str().map(str::to_owned));
            parts.extend(event["cause"].as_str().map(str::to_owned));
            parts.extend(event["message"].as_str().map(str::to_owned));
            parts.extend(event["until"].as_str().map(|until| format!("until {until}")));
            parts.extend(number("revision").map(|revision| format!("revision {revision}")));
            parts.extend(event["by"].as_str().map(|by| format!("by {by}")));
            parts.join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_a_line_each_and_move_no_cursor() {
        let time = "2026-11-24T13:49:49.123456Z";
        let about = |mut event: Json| {
            event["time"] = time.into();
            event["tenant"] = "acme".into();
            event["name"] = "route_match".into();
            line(&event, false)
        };
        assert_eq!(
            about(json!({ "kind": "log", "level": "warn", "script": "a.lua", "line": 3, "message": "oh\u{1b}[2J" })),
            "2026-11-24T13:49:49.123Z log       acme/route_match warn a.lua:3: oh\\u{1b}[2J"
        );
        assert_eq!(
            about(
                json!({ "kind": "fault", "cause": "fuel", "message": "out of fuel", "traceback": "at a.lua:3", "suppressed": 41 })
            ),
            "2026-11-24T13:49:49.123Z fault     acme/route_match fuel: out of fuel (and 41 more)\n    at a.lua:3"
        );
        assert_eq!(
            about(
                json!({ "kind": "call", "arguments": { "n": 1 }, "answer": { "ok": true }, "fuel": 1234, "latency_ns": 850 })
            ),
            "2026-11-24T13:49:49.123Z call      acme/route_match {\"n\":1} → {\"ok\":true}, 1,234 fuel, 850 ns"
        );
        assert_eq!(
            about(json!({ "kind": "attached", "hook": "demo.greet", "order": 0, "revision": 5, "by": "uid 0" })),
            "2026-11-24T13:49:49.123Z attached  acme/route_match at demo.greet, order 0, revision 5, by uid 0"
        );
        assert_eq!(
            line(&json!({ "kind": "lost", "count": 2, "time": time }), false),
            "2026-11-24T13:49:49.123Z lost      2 events lost, because this reader was too slow"
        );
    }

    #[test]
    fn colours_are_there_where_they_are_wanted() {
        let event = json!({ "kind": "denied", "cause": "rate", "suppressed": 0 });
        assert_eq!(line(&event, true), " \u{1b}[33mdenied   \u{1b}[0m rate");
    }
}

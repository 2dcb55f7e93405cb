//! `--wait`: how a script does that a running program has just got.

use std::collections::BTreeMap;
use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value as Json, json};
use tenterhook::policies::Millis;

use crate::exit::Exit;
use crate::live::{AllStats, Attachment, Client, Stats};
use crate::text;

/// How often the program is asked.
const EVERY: Duration = Duration::from_millis(250);
/// Longest that may be waited.
const MOST: Millis = Millis::new(3_600_000);

/// Whether to wait for calls.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Wait {
    /// Wait so long for calls, such as 10s, and say what they come to; exit code 3 where all of them end in faults
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub wait: Option<Millis>,
}

fn time(text: &str) -> Result<Millis, String> {
    let time: Millis = text.parse().map_err(|error| format!("{error}"))?;
    match (Millis::new(1)..=MOST).contains(&time) {
        true => Ok(time),
        false => Err("expected 1ms to 3600s".to_owned()),
    }
}

/// What calls came to while somebody waited.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen {
    calls: u64,
    results: BTreeMap<String, u64>,
    faults: BTreeMap<String, u64>,
    denials: BTreeMap<String, u64>,
    last_fault: Option<String>,
}

/// The attachment's statistics; `None` where it is not there any more.
pub fn stats(client: &Client, of: &Attachment) -> Result<Option<Stats>> {
    let query = [("tenant", of.tenant.clone()), ("hook", of.hook.clone())];
    let all: AllStats = client.get("/v1/stats", &query)?;
    Ok(all.attachments.into_iter().find(|stats| stats.id == of.id))
}

/// Waits, and says what the calls since `before` came to.
pub fn wait(client: &Client, of: &Attachment, before: &Stats, time: Millis) -> Result<Seen> {
    let end = Instant::now() + Duration::from_millis(time.get());
    loop {
        let left = end.saturating_duration_since(Instant::now());
        sleep(left.min(EVERY));
        let Some(now) = stats(client, of)? else {
            bail!("{}/{} was detached while its calls were waited for", of.tenant, of.name);
        };
        if left <= EVERY {
            return Ok(Seen::between(before, &now));
        }
    }
}

impl Seen {
    fn between(before: &Stats, now: &Stats) -> Seen {
        let grown = |now: &BTreeMap<String, u64>, before: &BTreeMap<String, u64>| -> BTreeMap<String, u64> {
            let grown = |(name, count): (&String, &u64)| {
                let more = count.saturating_sub(before.get(name).copied().unwrap_or_default());
                (more > 0).then(|| (name.clone(), more))
            };
            now.iter().filter_map(grown).collect()
        };
        let faults = grown(&now.faults, &before.faults);
        let last = now.last_fault.as_ref().filter(|_| !faults.is_empty());
        Seen {
            calls: now.calls.saturating_sub(before.calls),
            results: grown(&now.results, &before.results),
            last_fault: last.map(|fault| format!("{}: {}", fault.cause, fault.message)),
            faults,
            denials: grown(&now.denials, &before.denials),
        }
    }

    /// Whether something else than faults came of the calls.
    pub fn exit(&self) -> Exit {
        let faults: u64 = self.faults.values().sum();
        let denials: u64 = self.denials.values().sum();
        match self.calls {
            0 => Exit::Result,
            calls if faults > 0 && faults + denials >= calls => Exit::Fault,
            calls if denials >= calls => Exit::Denied,
            _ => Exit::Result,
        }
    }

    /// For programs.
    pub fn json(&self) -> Json {
        json!({
            "calls": self.calls,
            "results": self.results,
            "faults": self.faults,
            "denials": self.denials,
            "last_fault": self.last_fault,
        })
    }

    /// For people.
    pub fn print(&self, time: Millis, out: &mut dyn Write) -> Result<()> {
        if self.calls == 0 {
            writeln!(out, "no call came within {time}")?;
            return Ok(());
        }
        writeln!(
            out,
            "within {time}: {}; answers: {}; faults: {}; denied: {}",
            text::counted(self.calls, "call"),
            text::counts(&self.results),
            text::counts(&self.faults),
            text::counts(&self.denials),
        )?;
        if let Some(fault) = &self.last_fault {
            writeln!(out, "last fault {}", text::plain(fault).replace('\n', "\n           "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(calls: u64, faults: u64, denials: u64) -> Seen {
        let counts = |name: &str, count: u64| BTreeMap::from([(name.to_owned(), count)]);
        Seen { calls, faults: counts("script", faults), denials: counts("rate", denials), ..Seen::default() }
    }

    #[test]
    fn only_faults_are_a_failure() {
        for (calls, faults, denials, exit) in [
            (0, 0, 0, Exit::Result),
            (3, 3, 0, Exit::Fault),
            (3, 2, 0, Exit::Result),
            (3, 2, 1, Exit::Fault),
            (3, 0, 3, Exit::Denied),
            (3, 0, 2, Exit::Result),
        ] {
            assert_eq!(seen(calls, faults, denials).exit(), exit, "{calls} {faults} {denials}");
        }
    }

    #[test]
    fn times_have_bounds() {
        for (text, fits) in
            [("0ms", false), ("1ms", true), ("10s", true), ("3600s", true), ("3601s", false), ("x", false)]
        {
            assert_eq!(time(text).is_ok(), fits, "{text}");
        }
    }
}

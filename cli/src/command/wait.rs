//! `--wait`: the results of a script that a running program has just received.

use std::io::Write;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use serde_json::{Value as Json, json};
use tenterhook::policies::Millis;
use tenterhook_control_api::{AllStats, Attachment, Counts, Numbers};

use crate::exit::Exit;
use crate::live::Client;
use crate::text;

/// The interval between requests to the program.
const EVERY: Duration = Duration::from_millis(250);
/// The longest time that may be waited.
const MOST: Millis = Millis::new(3_600_000);

/// Whether to wait for calls.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Wait {
    /// Wait this long for calls, such as 10s, and report their results; exit code 3 if all of them end in faults
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

/// The statistics of a script's calls since it was attached.
#[derive(Debug)]
pub struct Seen(Counts);

/// Waits, and returns the statistics of the attachment's present script. The script is new, so all of its calls were
/// made during the wait.
pub fn wait(client: &Client, of: &Attachment, time: Millis) -> Result<Seen> {
    let end = Instant::now() + Duration::from_millis(time.get());
    loop {
        let left = end.saturating_duration_since(Instant::now());
        sleep(left.min(EVERY));
        let Some(seen) = seen(client, of)? else {
            bail!("{}/{} was detached while waiting for its calls", of.tenant, of.name);
        };
        if left <= EVERY {
            return Ok(seen);
        }
    }
}

/// The present script's statistics; `None` if the attachment no longer exists.
fn seen(client: &Client, of: &Attachment) -> Result<Option<Seen>> {
    let query = [("tenant", of.tenant.clone()), ("hook", of.hook.clone())];
    let all: AllStats = client.get("/v1/stats", &query)?;
    let stats = all.attachments.into_iter().find(|stats| stats.id == of.id);
    // Calls of the previous script may end, and be counted in the total, after it was replaced.
    Ok(stats.map(|stats| Seen(stats.since_replace.unwrap_or(stats.counts))))
}

impl Seen {
    /// Whether any call ended other than with a fault.
    pub fn exit(&self) -> Exit {
        // The number of calls does not show it: a call is counted when it begins, its result when it ends.
        let some = |counts: &Numbers| counts.iter().any(|(_, count)| *count > 0);
        match (some(&self.0.results), some(&self.0.faults), some(&self.0.denials)) {
            (false, true, _) => Exit::Fault,
            (false, false, true) => Exit::Denied,
            _ => Exit::Result,
        }
    }

    fn last_fault(&self) -> Option<String> {
        self.0.last_fault.as_ref().map(|fault| format!("{}: {}", fault.cause, fault.message))
    }

    /// The statistics for programs.
    pub fn json(&self) -> Json {
        json!({
            "calls": self.0.calls,
            "results": self.0.results,
            "faults": self.0.faults,
            "denials": self.0.denials,
            "last_fault": self.last_fault(),
        })
    }

    /// Prints the statistics for people.
    pub fn print(&self, time: Millis, out: &mut dyn Write) -> Result<()> {
        let Counts { calls, results, faults, denials, .. } = &self.0;
        if *calls == 0 {
            writeln!(out, "no call came within {time}")?;
            return Ok(());
        }
        writeln!(
            out,
            "within {time}: {}; answers: {}; faults: {}; denied: {}",
            text::counted(*calls, "call"),
            text::counts(results),
            text::counts(faults),
            text::counts(denials),
        )?;
        if let Some(fault) = self.last_fault() {
            writeln!(out, "last fault {}", text::plain(&fault).replace('\n', "\n           "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(calls: u64, results: u64, faults: u64, denials: u64) -> Seen {
        let counts = |name: &str, count: u64| -> Numbers { [(name, count)].into_iter().collect() };
        let (results, faults, denials) = (counts("other", results), counts("script", faults), counts("rate", denials));
        Seen(Counts { calls, results, faults, denials, ..Counts::default() })
    }

    #[test]
    fn only_faults_are_a_failure() {
        for (calls, results, faults, denials, exit) in [
            (0, 0, 0, 0, Exit::Result),
            (3, 0, 3, 0, Exit::Fault),
            (3, 1, 2, 0, Exit::Result),
            (3, 0, 2, 1, Exit::Fault),
            (3, 0, 0, 3, Exit::Denied),
            (3, 1, 0, 2, Exit::Result),
            // One call is running while the counters are read.
            (4, 0, 3, 0, Exit::Fault),
            (1, 0, 0, 0, Exit::Result),
        ] {
            let seen = seen(calls, results, faults, denials);
            assert_eq!(seen.exit(), exit, "{seen:?}");
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

//! `--watch`: repeats the output of a command whenever it changes.

use std::io::{IsTerminal, Write};
use std::thread::sleep;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

/// Clears the screen, and goes to its first line.
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

/// Whether to repeat the output, and how often.
#[derive(Debug, Default, Args)]
pub struct WatchArgs {
    /// Print again after each change, checking every SECONDS, until interrupted
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "1",
        value_parser = interval)]
    watch: Option<f64>,
    /// Exit after N changes
    #[arg(long, value_name = "N", requires = "watch", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
}

/// The seconds between two requests.
pub fn interval(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.1..=3600.0).contains(&seconds) => Ok(seconds),
        _ => Err("expected seconds from 0.1 to 3600".to_owned()),
    }
}

impl WatchArgs {
    /// Whether to repeat at all.
    pub fn is_on(&self) -> bool {
        self.watch.is_some()
    }

    /// Prints the output of `look`, once, or each time it changes. On a terminal it replaces the screen; elsewhere it
    /// follows the earlier output, with an empty line in between, or none between lines of JSON.
    pub fn show(
        &self,
        json: bool,
        out: &mut dyn Write,
        mut look: impl FnMut(&mut dyn Write) -> Result<()>,
    ) -> Result<()> {
        let Some(seconds) = self.watch else { return look(out) };
        let on_terminal = std::io::stdout().is_terminal();
        let mut before: Option<Vec<u8>> = None;
        let mut left = self.count.unwrap_or(u64::MAX);
        loop {
            let mut now = Vec::new();
            look(&mut now)?;
            if before.as_ref() != Some(&now) {
                match (json, on_terminal, &before) {
                    (false, true, _) => write!(out, "{CLEAR}")?,
                    (false, false, Some(_)) => writeln!(out)?,
                    _ => {}
                }
                out.write_all(&now)?;
                out.flush()?;
                before = Some(now);
                left -= 1;
            }
            if left == 0 {
                return Ok(());
            }
            sleep(Duration::from_secs_f64(seconds));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_again() -> Result<()> {
        let watch = WatchArgs { watch: Some(0.0), count: Some(3) };
        let mut looks = ["a\n", "a\n", "b\n", "b\n", "a\n"].into_iter();
        let mut out = Vec::new();
        watch.show(false, &mut out, |out| Ok(write!(out, "{}", looks.next().unwrap_or("too many"))?))?;
        assert_eq!(String::from_utf8(out)?, "a\n\nb\n\na\n");
        let mut looks = ["{}\n", "{ }\n"].into_iter();
        let mut out = Vec::new();
        let watch = WatchArgs { watch: Some(0.0), count: Some(2) };
        watch.show(true, &mut out, |out| Ok(write!(out, "{}", looks.next().unwrap_or("too many"))?))?;
        assert_eq!(String::from_utf8(out)?, "{}\n{ }\n");
        Ok(())
    }

    #[test]
    fn what_is_not_watched_is_shown_once() -> Result<()> {
        let mut out = Vec::new();
        WatchArgs::default().show(false, &mut out, |out| Ok(write!(out, "a")?))?;
        assert_eq!(out, b"a");
        Ok(())
    }
}

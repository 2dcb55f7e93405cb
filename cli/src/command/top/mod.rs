//! `tenterhook top`: the cost of scripts in a running program, live.
//!
//! ```text
//! /v1/stats ── every interval ──▶ rates ──▶ view ──▶ screen     (rates.rs; view.rs with filter.rs, keys.rs; screen.rs)
//!                                   └──────▶ a line of JSON     (--json)
//! ```

mod filter;
mod keys;
mod rates;
mod screen;
mod view;

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use clap::Args;
use crossterm::event::{self, Event, KeyEventKind};
use serde_json::json;
use tenterhook_control_api::AllStats;

use self::rates::{By, Sort};
use self::screen::{Screen, Waited};
use self::view::{Asked, View};
use crate::exit::Exit;
use crate::live::{Client, Filter, LiveArgs};
use crate::text;

/// The longest time before a signal is noticed.
const ATTENTION: Duration = Duration::from_millis(200);

/// The longest time that the screen waits for the program.
const PATIENCE: Duration = Duration::from_secs(5);

/// Shows live rates, times and faults of a running program's scripts
#[derive(Debug, Args)]
pub struct TopArgs {
    #[command(flatten)]
    filter: Filter,
    /// What each row represents
    #[arg(long, value_enum, default_value = "attachment")]
    by: By,
    /// Column to sort by
    #[arg(long, value_enum, default_value = "rate")]
    sort: Sort,
    /// Seconds between two samples
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = super::watch::interval)]
    interval: f64,
    /// Exit after N samples
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    #[command(flatten)]
    live: LiveArgs,
    /// Print one line of JSON per sample instead of a screen
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &TopArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?.patience(PATIENCE);
    args.filter.known(&client)?;
    if args.json {
        lines(args, &client, out)?;
    } else if std::io::stdout().is_terminal() && std::io::stdin().is_terminal() {
        live(args, &client)?;
    } else {
        bail!("top needs a terminal; `tenterhook top --json` and `tenterhook stats` do not");
    }
    Ok(Exit::Result)
}

fn look(args: &TopArgs, client: &Client) -> Result<AllStats> {
    client.get("/v1/stats", &args.filter.query())
}

/// Prints one line of JSON for each sample.
fn lines(args: &TopArgs, client: &Client, out: &mut dyn Write) -> Result<()> {
    let mut before = look(args, client)?;
    let mut left = args.count.unwrap_or(u64::MAX);
    while left > 0 {
        std::thread::sleep(Duration::from_secs_f64(args.interval));
        let now = look(args, client)?;
        let mut rows = rates::rows(&before, &now, args.by);
        rates::sort(&mut rows, args.sort, false);
        let between = [before.monotonic_ns, now.monotonic_ns];
        serde_json::to_writer(&mut *out, &json!({ "time": now.time, "monotonic_ns": between, "rows": rows }))?;
        writeln!(out)?;
        out.flush()?;
        before = now;
        left -= 1;
    }
    Ok(())
}

/// Shows the screen until a key or a signal ends it.
fn live(args: &TopArgs, client: &Client) -> Result<()> {
    // A program that goes away is reported on the screen, because it may come back; if it does not, this is the final
    // error.
    let mut gone = None;
    let first = look(args, client)?;
    let mut view = View::new(args.by, args.sort, text::is_coloured());
    view.update(first);
    let mut screen = Screen::take()?;
    let interval = Duration::from_secs_f64(args.interval);
    let (mut next, mut left) = (Instant::now() + interval, args.count.unwrap_or(u64::MAX));
    screen.terminal.draw(|frame| view.draw(frame))?;
    while left > 0 && !screen.is_asked_to_end() {
        let wait = next.saturating_duration_since(Instant::now()).min(ATTENTION);
        if screen.wait(wait)? == Waited::Gone {
            return gone.map_or(Ok(()), Err);
        }
        while event::poll(Duration::ZERO)? {
            let asked = match event::read()? {
                Event::Key(key) if key.kind != KeyEventKind::Release => view.key(key),
                Event::Resize(..) => Asked::Redraw,
                _ => Asked::Nothing,
            };
            match asked {
                Asked::Quit => return gone.map_or(Ok(()), Err),
                Asked::Redraw => {
                    screen.terminal.draw(|frame| view.draw(frame))?;
                }
                Asked::Nothing => {}
            }
        }
        if Instant::now() >= next {
            next = Instant::now() + interval;
            if !view.paused {
                match look(args, client) {
                    Ok(now) => {
                        gone = None;
                        view.update(now);
                    }
                    Err(error) => {
                        view.problem = Some(format!("{error:#}"));
                        gone = Some(error);
                    }
                }
                left -= 1;
            }
            screen.terminal.draw(|frame| view.draw(frame))?;
        }
    }
    gone.map_or(Ok(()), Err)
}

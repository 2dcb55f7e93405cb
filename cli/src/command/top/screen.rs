//! The terminal while `top` uses it, restored however `top` ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use ratatui::DefaultTerminal;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// The whole terminal. Dropping it restores it; so does a panic, through ratatui's hook.
pub struct Screen {
    pub terminal: DefaultTerminal,
    asked_to_end: Arc<AtomicBool>,
}

/// The result of waiting for the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// It exists; there may be input.
    Here,
    /// It was hung up.
    Gone,
}

impl Screen {
    /// Takes the terminal.
    pub fn take() -> Result<Screen> {
        let asked_to_end = Arc::new(AtomicBool::new(false));
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&asked_to_end)).context("listening to signals")?;
        }
        let terminal = ratatui::try_init().context("the terminal")?;
        Ok(Screen { terminal, asked_to_end })
    }

    /// Waits for the terminal, at most this long; a signal ends the wait. The wait of the event library never returns
    /// from a terminal that was hung up, and uses a whole processor for it.
    pub fn wait(&self, most: Duration) -> Result<Waited> {
        let stdin = io::stdin();
        let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
        let most = Timespec::try_from(most).context("a wait that long")?;
        match poll(&mut watched, Some(&most)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(io::Error::from(error)).context("waiting for the terminal"),
        }
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        Ok(if watched[0].revents().intersects(gone) { Waited::Gone } else { Waited::Here })
    }

    /// Whether a signal requested the end.
    pub fn is_asked_to_end(&self) -> bool {
        self.asked_to_end.load(Ordering::Relaxed)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // If the terminal cannot be restored, that cannot be reported on it either.
        let _: io::Result<()> = ratatui::try_restore();
    }
}

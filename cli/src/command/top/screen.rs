//! The terminal while `top` has it: given back however it ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result};
use ratatui::DefaultTerminal;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// The whole terminal. Dropping it gives it back; so does a panic, through the hook that ratatui sets.
pub struct Screen {
    pub terminal: DefaultTerminal,
    asked_to_end: Arc<AtomicBool>,
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

    /// Whether a signal asked to end.
    pub fn is_asked_to_end(&self) -> bool {
        self.asked_to_end.load(Ordering::Relaxed)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // What cannot be restored cannot be told on it either.
        let _: io::Result<()> = ratatui::try_restore();
    }
}

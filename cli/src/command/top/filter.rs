//! The text that rows are looked for by, as it is written: `/` begins, enter keeps it, escape gives it up.

use crossterm::event::KeyCode;

use super::rates::Row;
use crate::text;

/// Longest text, in characters.
pub const MOST: usize = 64;

/// Only rows with this in their names, or in their hook points'; none: all of them.
#[derive(Debug, Default)]
pub struct Filter {
    text: String,
    /// Whether keys are written to it.
    pub is_typing: bool,
}

impl Filter {
    /// Whether every row is wanted.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a row is wanted.
    pub fn fits(&self, row: &Row) -> bool {
        let wanted = self.text.to_lowercase();
        row.label().to_lowercase().contains(&wanted) || row.subject.hook.to_lowercase().contains(&wanted)
    }

    /// Wants every row again.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// A key while it is written; whether it means anything.
    pub fn key(&mut self, key: KeyCode) -> bool {
        match key {
            KeyCode::Enter => self.is_typing = false,
            KeyCode::Esc => *self = Filter::default(),
            KeyCode::Backspace => {
                self.text.pop();
            }
            KeyCode::Char(c) if !c.is_control() && self.text.chars().count() < MOST => self.text.push(c),
            _ => return false,
        }
        true
    }

    /// What the head of the screen says of it.
    pub fn head(&self) -> String {
        if self.text.is_empty() { String::new() } else { format!(" · with \"{}\"", text::plain(&self.text)) }
    }

    /// The line that it is written on.
    pub fn foot(&self) -> String {
        format!("/{}▏  enter keeps it, esc shows all", text::plain(&self.text))
    }
}

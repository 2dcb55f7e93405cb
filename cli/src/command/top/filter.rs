//! The text by which rows are filtered: `/` begins it, enter keeps it, escape discards it.

use crossterm::event::KeyCode;

use super::rates::Row;
use crate::text;

/// The longest text, in characters.
pub const MOST: usize = 64;

/// Only rows whose name or hook point contains this; if empty, all rows.
#[derive(Debug, Default)]
pub struct Filter {
    text: String,
    /// Whether keys are added to it.
    pub is_typing: bool,
}

impl Filter {
    /// Whether every row is shown.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a row is shown.
    pub fn fits(&self, row: &Row) -> bool {
        let wanted = self.text.to_lowercase();
        row.label().to_lowercase().contains(&wanted) || row.subject.hook.to_lowercase().contains(&wanted)
    }

    /// Shows every row again.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Handles a key while the text is being entered; returns whether the key has an effect.
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

    /// The filter in the head of the screen.
    pub fn head(&self) -> String {
        if self.text.is_empty() { String::new() } else { format!(" · with \"{}\"", text::plain(&self.text)) }
    }

    /// The line in which it is entered.
    pub fn foot(&self) -> String {
        format!("/{}▏  enter keeps it, esc shows all", text::plain(&self.text))
    }
}

//! The effects of keys, in one line at the foot of the screen, and in full.

use ratatui::text::Line;
use ratatui::widgets::Paragraph;

/// In one line.
pub const FOOT: &str = "q quit  ? keys  / filter  a t h view  r u c f x n sort  v reverse  space pause";

/// In full.
const KEYS: [(&str, &str); 12] = [
    ("q, esc", "quit"),
    ("?", "show or hide these keys"),
    ("/", "show only rows whose name or hook point contains a text"),
    ("a, t, h", "one row per attachment, tenant, hook point; tab: the next"),
    ("r", "sort by calls per second"),
    ("u", "sort by time per call"),
    ("c", "sort by share of a CPU"),
    ("f", "sort by fuel per call"),
    ("x", "sort by faults per second"),
    ("n, ←, →", "sort by name; by the next column to the left, to the right"),
    ("v, space", "reverse the order; pause"),
    ("↑, ↓", "scroll; also page up, page down, home, end"),
];

/// All of them, explained.
pub fn explained() -> Paragraph<'static> {
    let lines = KEYS.map(|(key, does)| Line::from(format!("  {key:<10}{does}")));
    Paragraph::new(lines.to_vec())
}

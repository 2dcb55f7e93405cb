//! The screen of `tenterhook top`, and the effects of keys.
//!
//! ```text
//! tenterhook top · 3 attachments · 12.3 k calls/s · 45.1 % of a CPU          head
//! attachments  tenants  hook points                                          tabs
//! attachment     hook point   calls/s  time/call  CPU  fuel/call  faults/s   table, sorted by the marked column
//! q quit  ? keys  / filter  a t h view  r u c f x n sort  …                  keys, or an error
//! ```

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Cell, Paragraph, Row as TableRow, Table, TableState};
use tenterhook_control_api::AllStats;

use super::filter::Filter;
use super::keys;
use super::rates::{self, By, Row, Sort};
use crate::text;

/// Everything that the screen depends on.
pub struct View {
    pub by: By,
    pub sort: Sort,
    pub reverse: bool,
    pub paused: bool,
    /// The error of the connection, if there is one.
    pub problem: Option<String>,
    filter: Filter,
    /// Whether the explanation of keys replaces the table.
    is_explained: bool,
    coloured: bool,
    moments: Option<(AllStats, AllStats)>,
    last: Option<AllStats>,
    selected: TableState,
}

/// The action of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Quit,
    Redraw,
    Nothing,
}

/// A column: its title, its sort key, its width, and the screen width from which on it is shown.
struct Column {
    title: &'static str,
    sort: Option<Sort>,
    width: Constraint,
    from: u16,
    cell: fn(&Row) -> String,
}

impl View {
    pub fn new(by: By, sort: Sort, coloured: bool) -> View {
        View {
            by,
            sort,
            reverse: false,
            paused: false,
            problem: None,
            filter: Filter::default(),
            is_explained: false,
            coloured,
            moments: None,
            last: None,
            selected: TableState::new(),
        }
    }

    /// Takes new statistics.
    pub fn update(&mut self, now: AllStats) {
        self.problem = None;
        if let Some(before) = self.last.replace(now.clone())
            && before.monotonic_ns < now.monotonic_ns
        {
            self.moments = Some((before, now));
        }
    }

    /// The rows as shown; empty until there are two moments.
    pub fn rows(&self) -> Vec<Row> {
        let Some((before, now)) = &self.moments else { return Vec::new() };
        let mut rows = rates::rows(before, now, self.by);
        rows.retain(|row| self.filter.fits(row));
        rates::sort(&mut rows, self.sort, self.reverse);
        rows
    }

    /// Performs the action of a key.
    pub fn key(&mut self, key: KeyEvent) -> Asked {
        if key.modifiers.contains(KeyModifiers::CONTROL) {
            return if key.code == KeyCode::Char('c') { Asked::Quit } else { Asked::Nothing };
        }
        if self.filter.is_typing {
            self.selected = TableState::new();
            return if self.filter.key(key.code) { Asked::Redraw } else { Asked::Nothing };
        }
        match key.code {
            KeyCode::Char('?') => self.is_explained = !self.is_explained,
            // What was opened last is closed first.
            KeyCode::Esc if self.is_explained => self.is_explained = false,
            KeyCode::Esc if !self.filter.is_empty() => self.filter.clear(),
            KeyCode::Char('q') | KeyCode::Esc => return Asked::Quit,
            KeyCode::Char('/') => self.filter.is_typing = true,
            KeyCode::Char('a') => self.show(By::Attachment),
            KeyCode::Char('t') => self.show(By::Tenant),
            KeyCode::Char('h') => self.show(By::Hook),
            KeyCode::Tab => self.show(match self.by {
                By::Attachment => By::Tenant,
                By::Tenant => By::Hook,
                By::Hook => By::Attachment,
            }),
            KeyCode::Char('r') => self.sort = Sort::Rate,
            KeyCode::Char('u') => self.sort = Sort::Time,
            KeyCode::Char('c') => self.sort = Sort::Cpu,
            KeyCode::Char('f') => self.sort = Sort::Fuel,
            KeyCode::Char('x') => self.sort = Sort::Faults,
            KeyCode::Char('n') => self.sort = Sort::Name,
            KeyCode::Right => self.step(1),
            KeyCode::Left => self.step(Sort::ALL.len() - 1),
            KeyCode::Char('v') => self.reverse = !self.reverse,
            KeyCode::Char(' ') => self.paused = !self.paused,
            KeyCode::Down => self.selected.select_next(),
            KeyCode::Up => self.selected.select_previous(),
            KeyCode::PageDown => self.selected.scroll_down_by(10),
            KeyCode::PageUp => self.selected.scroll_up_by(10),
            KeyCode::Home => self.selected.select_first(),
            KeyCode::End => self.selected.select_last(),
            _ => return Asked::Nothing,
        }
        Asked::Redraw
    }

    fn show(&mut self, by: By) {
        self.by = by;
        self.selected = TableState::new();
    }

    fn step(&mut self, by: usize) {
        let at = Sort::ALL.iter().position(|sort| *sort == self.sort).unwrap_or_default();
        self.sort = Sort::ALL[(at + by) % Sort::ALL.len()];
    }

    /// Draws the screen.
    pub fn draw(&mut self, frame: &mut Frame<'_>) {
        let areas =
            Layout::vertical([Constraint::Length(1), Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)]);
        let [head, tabs, table, foot] = areas.areas(frame.area());
        let rows = self.rows();
        frame.render_widget(Paragraph::new(self.head(&rows)), head);
        frame.render_widget(Paragraph::new(self.tabs()), tabs);
        if self.is_explained {
            frame.render_widget(keys::explained(), table);
        } else {
            self.table(frame, table, &rows);
        }
        frame.render_widget(Paragraph::new(self.foot()), foot);
    }

    fn head(&self, rows: &[Row]) -> Line<'static> {
        let sum = |of: fn(&Row) -> f64| rows.iter().map(of).sum::<f64>();
        let what = match &self.last {
            None => "connecting".to_owned(),
            Some(_) if self.moments.is_none() => "measuring".to_owned(),
            Some(now) => format!(
                "{} · {} calls/s · {:.1} % of a CPU · {} faults/s{}{}",
                text::counted(now.attachments.len() as u64, "attachment"),
                text::short(sum(|row| row.calls_per_second)),
                sum(|row| row.cpu_percent),
                text::short(sum(|row| row.faults_per_second)),
                self.filter.head(),
                if self.paused { " · paused" } else { "" },
            ),
        };
        let title = Style::new().add_modifier(Modifier::BOLD);
        Line::from(vec![Span::styled("tenterhook top", title), Span::raw(" · "), Span::raw(what)])
    }

    fn tabs(&self) -> Line<'static> {
        let mut spans = Vec::new();
        for (by, name) in [(By::Attachment, "attachments"), (By::Tenant, "tenants"), (By::Hook, "hook points")] {
            let style = if by == self.by { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() };
            spans.extend([Span::styled(format!(" {name} "), style), Span::raw(" ")]);
        }
        Line::from(spans)
    }

    fn foot(&self) -> Line<'static> {
        match &self.problem {
            Some(problem) => {
                Line::from(text::plain(problem)).style(self.colour(Color::Red).add_modifier(Modifier::BOLD))
            }
            None if self.filter.is_typing => Line::from(self.filter.foot()),
            None => Line::from(keys::FOOT).style(Style::new().add_modifier(Modifier::DIM)),
        }
    }

    fn colour(&self, colour: Color) -> Style {
        if self.coloured { Style::new().fg(colour) } else { Style::new() }
    }

    fn table(&mut self, frame: &mut Frame<'_>, area: Rect, rows: &[Row]) {
        let columns: Vec<Column> = columns(self.by).into_iter().filter(|column| area.width >= column.from).collect();
        let mark = if self.reverse { "▲" } else { "▼" };
        let header = columns.iter().enumerate().map(|(number, column)| {
            let sorted = column.sort == Some(self.sort);
            let title = if sorted { format!("{}{mark}", column.title) } else { column.title.to_owned() };
            let style = if sorted { self.colour(Color::Cyan) } else { Style::new() };
            Cell::from(aligned(title, is_text(column, number))).style(style.add_modifier(Modifier::BOLD))
        });
        let header = TableRow::new(header.collect::<Vec<_>>());
        let body = rows.iter().map(|row| {
            let cells = columns
                .iter()
                .enumerate()
                .map(|(number, column)| Cell::from(aligned(text::plain(&(column.cell)(row)), is_text(column, number))));
            let style = match row {
                row if row.faults_per_second > 0.0 => self.colour(Color::Red),
                row if row.denials_per_second > 0.0 => self.colour(Color::Yellow),
                _ => Style::new(),
            };
            TableRow::new(cells.collect::<Vec<_>>()).style(style)
        });
        let widths = columns.iter().map(|column| column.width);
        let table = Table::new(body.collect::<Vec<_>>(), widths.collect::<Vec<_>>())
            .header(header)
            .column_spacing(1)
            .row_highlight_style(Style::new().add_modifier(Modifier::REVERSED));
        frame.render_stateful_widget(table, area, &mut self.selected);
    }
}

/// Names are aligned left, numbers right.
fn is_text(column: &Column, number: usize) -> bool {
    number == 0 || column.title == "hook point"
}

fn aligned(cell: String, left: bool) -> ratatui::text::Text<'static> {
    let text = ratatui::text::Text::from(cell);
    if left { text.left_aligned() } else { text.right_aligned() }
}

fn columns(by: By) -> Vec<Column> {
    let title = match by {
        By::Attachment => "attachment",
        By::Tenant => "tenant",
        By::Hook => "hook point",
    };
    let number = |title, sort, width, from, cell| Column { title, sort, width: Constraint::Length(width), from, cell };
    let name = Column { title, sort: Some(Sort::Name), width: Constraint::Min(12), from: 0, cell: Row::label };
    let hook = Column {
        title: "hook point",
        sort: None,
        width: Constraint::Min(16),
        from: 100,
        cell: |row| row.subject.hook.clone(),
    };
    let mut columns = vec![name];
    if by == By::Attachment {
        columns.push(hook);
    }
    columns.extend([
        number("calls/s", Some(Sort::Rate), 8, 0, |row| text::short(row.calls_per_second)),
        number("time/call", Some(Sort::Time), 10, 0, |row| {
            if row.ns_per_call > 0.0 {
                text::duration(Duration::from_nanos(row.ns_per_call as u64))
            } else {
                "–".to_owned()
            }
        }),
        number("CPU %", Some(Sort::Cpu), 7, 0, |row| format!("{:.1}", row.cpu_percent)),
        number("fuel/call", Some(Sort::Fuel), 10, 50, |row| text::short(row.fuel_per_call)),
        number("faults/s", Some(Sort::Faults), 9, 60, |row| text::short(row.faults_per_second)),
        number("denied/s", None, 9, 120, |row| text::short(row.denials_per_second)),
        number("calls", None, 15, 76, |row| text::grouped(row.calls)),
        number("faults", None, 13, 110, |row| text::grouped(row.faults)),
        number("denied", None, 13, 130, |row| text::grouped(row.denials)),
    ]);
    columns
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::super::rates::tests::{Counted, moment};
    use super::*;

    fn view() -> View {
        let mut view = View::new(By::Attachment, Sort::Rate, false);
        view.update(moment(1, &[(1, "acme", "a", "x.h", 100, 1_000, 1_000, 0), (2, "peer", "b", "x.g", 0, 0, 0, 0)]));
        let now =
            [(1, "acme", "a", "x.h", 2_100, 2_001_000, 3_001_000, 0), (2, "peer", "b", "x.g", 500, 4_000_000, 0, 3)];
        view.update(moment(2, &now));
        view
    }

    fn screen(view: &mut View, width: u16, height: u16) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a screen");
        terminal.draw(|frame| view.draw(frame)).expect("drawn");
        let buffer = terminal.backend().buffer();
        let line = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        (0..height).map(line).collect()
    }

    fn press(view: &mut View, code: KeyCode) -> Asked {
        view.key(KeyEvent::new(code, KeyModifiers::NONE))
    }

    #[test]
    fn a_small_screen_has_what_matters() {
        let lines = screen(&mut view(), 80, 24);
        assert_eq!(lines[0], "tenterhook top · 2 attachments · 2.50 k calls/s · 0.6 % of a CPU · 3.0 faults/s");
        assert_eq!(lines[1], " attachments   tenants   hook points");
        assert_eq!(lines[2], "attachment      calls/s▼  time/call   CPU %  fuel/call  faults/s           calls");
        assert_eq!(lines[3], "acme/a            2.00 k     1.0 µs     0.2     1.50 k         0           2,100");
        assert_eq!(lines[4], "peer/b               500     8.0 µs     0.4          0       3.0             500");
        assert!(lines[23].starts_with("q quit"), "{lines:?}");
    }

    #[test]
    fn a_large_screen_has_all_of_it() {
        let lines = screen(&mut view(), 200, 50);
        for title in ["attachment", "hook point", "calls/s▼", "denied/s", "faults", "denied"] {
            assert!(lines[2].contains(title), "{title}: {}", lines[2]);
        }
        assert!(lines[3].contains("x.h") && lines[49].starts_with("q quit"), "{lines:?}");
    }

    #[test]
    fn any_size_is_drawn() {
        let mut view = view();
        for (width, height) in [(1, 1), (5, 2), (20, 3), (79, 4), (300, 100), (80, 24)] {
            assert_eq!(screen(&mut view, width, height).len(), usize::from(height));
        }
    }

    #[test]
    fn keys_change_what_is_shown() {
        let mut view = view();
        assert_eq!(press(&mut view, KeyCode::Char('x')), Asked::Redraw);
        assert!(screen(&mut view, 80, 24)[3].starts_with("peer/b"), "sorted by faults");
        press(&mut view, KeyCode::Char('v'));
        assert!(screen(&mut view, 80, 24)[3].starts_with("acme/a"), "reversed");
        press(&mut view, KeyCode::Char('t'));
        let lines = screen(&mut view, 80, 24);
        assert!(lines[2].starts_with("tenant ") && lines[3].starts_with("acme "), "{lines:?}");
        press(&mut view, KeyCode::Tab);
        assert!(screen(&mut view, 80, 24)[2].starts_with("hook point "));
        for quit in [KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL), KeyEvent::from(KeyCode::Char('q'))] {
            assert_eq!(view.key(quit), Asked::Quit);
        }
        assert_eq!(press(&mut view, KeyCode::Char('z')), Asked::Nothing);
    }

    #[test]
    fn a_filter_leaves_the_rows_that_have_it() {
        let mut view = view();
        for key in ['/', 'P', 'e', 'q', 'x'] {
            // While the text is entered, keys have no other effect.
            assert_eq!(press(&mut view, KeyCode::Char(key)), Asked::Redraw);
        }
        assert_eq!(screen(&mut view, 80, 24)[23], "/Peqx▏  enter keeps it, esc shows all");
        for key in [KeyCode::Backspace, KeyCode::Backspace, KeyCode::Enter] {
            press(&mut view, key);
        }
        let lines = screen(&mut view, 100, 24);
        assert!(lines[0].ends_with("with \"Pe\"") && lines[3].starts_with("peer/b"), "{lines:?}");
        assert_eq!(lines[4], "", "and no others");
        assert_eq!(press(&mut view, KeyCode::Esc), Asked::Redraw, "the filter goes first");
        assert!(screen(&mut view, 80, 24)[4].starts_with("peer/b"), "all of them again");
        assert_eq!(press(&mut view, KeyCode::Esc), Asked::Quit);
        for key in "/x.h".chars() {
            press(&mut view, KeyCode::Char(key));
        }
        assert!(screen(&mut view, 80, 24)[3].starts_with("acme/a"), "hook points too");
        for more in [true; 100].into_iter().chain([false]) {
            press(&mut view, KeyCode::Char(if more { 'y' } else { 'z' }));
        }
        let line = screen(&mut view, 120, 24)[23].clone();
        let written = line.chars().take_while(|c| *c != '▏').count() - 1;
        assert_eq!((written, line.contains('z')), (super::super::filter::MOST, false));
        let quit = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        assert_eq!(view.key(quit), Asked::Quit);
    }

    #[test]
    fn every_key_is_explained() {
        let mut view = view();
        press(&mut view, KeyCode::Char('?'));
        let lines = screen(&mut view, 80, 24);
        for key in ["q", "?", "/", "a", "t", "h", "r", "u", "c", "f", "x", "n", "v", "space"] {
            let explains = |line: &String| {
                let keys: String = line.chars().skip(2).take(10).collect();
                keys.split([',', ' ']).any(|known| known == key)
            };
            assert!(lines.iter().any(explains), "{key}: {lines:?}");
        }
        assert!(!lines.iter().any(|line| line.starts_with("acme/a")), "in the table's place");
        assert_eq!(press(&mut view, KeyCode::Esc), Asked::Redraw);
        assert!(screen(&mut view, 80, 24)[3].starts_with("acme/a"));
    }

    #[test]
    fn more_rows_than_lines_can_be_scrolled() {
        let names: Vec<String> = (0..100).map(|n| format!("n{n:03}")).collect();
        let all = |calls| -> Vec<Counted<'_>> {
            names.iter().zip(1..).map(|(name, id)| (id, "acme", name.as_str(), "x.h", calls, 0, 0, 0)).collect()
        };
        let mut view = View::new(By::Attachment, Sort::Name, false);
        view.update(moment(1, &all(0)));
        view.update(moment(2, &all(5)));
        assert!(screen(&mut view, 80, 10)[3].starts_with("acme/n000"));
        press(&mut view, KeyCode::End);
        let lines = screen(&mut view, 80, 10);
        assert!(lines[8].starts_with("acme/n099"), "{lines:?}");
        press(&mut view, KeyCode::Home);
        assert!(screen(&mut view, 80, 10)[3].starts_with("acme/n000"));
    }

    #[test]
    fn a_program_that_is_gone_is_told() {
        let mut view = view();
        view.problem = Some("no answer".to_owned());
        let lines = screen(&mut view, 80, 24);
        assert_eq!(lines[23], "no answer");
        assert!(lines[3].starts_with("acme/a"), "what was known stays");
    }
}

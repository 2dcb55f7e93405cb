//! Numbers, times and tables for people.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use comfy_table::{Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};
use tenterhook_control_api::Numbers;

/// `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number and its noun: `1 route`, `2 routes`.
pub fn counted(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

/// `850 ns`, `12.3 µs`, `4.56 ms`, `7.8 s`.
pub fn duration(time: Duration) -> String {
    let ns = time.as_nanos() as f64;
    match ns {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.1} µs", ns / 1e3),
        ns if ns < 1e9 => format!("{:.2} ms", ns / 1e6),
        ns => format!("{:.1} s", ns / 1e9),
    }
}

/// Text from a script, safe to print: control characters except line ends and tabs are escaped.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// A time in RFC 3339 with this many digits of the fraction of a second, in any zone.
pub fn time(time: &str, digits: usize) -> String {
    let Some((second, rest)) = time.split_once('.') else { return plain(time) };
    let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let parts = &rest[..rest.len() - zone.len()];
    let dot = if digits > 0 { "." } else { "" };
    plain(&format!("{second}{dot}{}{zone}", &parts[..digits.min(parts.len())]))
}

/// `2026-11-24T13:49:49Z`: a time from the program, which is in RFC 3339 and UTC, to the second.
pub fn moment(time: &str) -> String {
    self::time(time, 0)
}

/// As [`plain`], on one line: line ends and tabs are escaped too.
pub fn line(text: &str) -> String {
    plain(text).replace('\n', "\\n").replace('\t', "\\t")
}

/// A path as messages show it, on one line and without control characters whatever it contains.
pub fn path(path: &Path) -> String {
    line(&path.to_string_lossy())
}

/// The first paragraph of a documentation, on one line.
pub fn first_paragraph(doc: &str) -> String {
    doc.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A table with this header; bold on terminals, plain text elsewhere.
pub fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─')));
    let bold = is_coloured();
    table.set_header(header.iter().map(|name| {
        let cell = Cell::new(name);
        if bold { cell.add_attribute(Attribute::Bold) } else { cell }
    }));
    table
}

/// Whether standard output shows colours: on a terminal, unless the user has disabled them (`NO_COLOR`).
pub fn is_coloured() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Text in an ANSI style such as `"1"` (bold) or `"31"` (red), if colours are shown.
pub fn styled(text: &str, style: &str, coloured: bool) -> String {
    if coloured { format!("\u{1b}[{style}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// `0`, `950`, `12.3 k`, `4.56 M`: a rate or a sum of which only the leading digits matter.
pub fn short(number: f64) -> String {
    match number {
        n if n < 0.05 => "0".to_owned(),
        n if n < 10.0 => format!("{n:.1}"),
        n if n < 999.5 => format!("{n:.0}"),
        n if n < 999_500.0 => format!("{} k", three(n / 1e3)),
        n if n < 999_500_000.0 => format!("{} M", three(n / 1e6)),
        n if n < 999_500_000_000.0 => format!("{} G", three(n / 1e9)),
        n => format!("{} T", three(n / 1e12)),
    }
}

fn three(number: f64) -> String {
    match number {
        n if n < 10.0 => format!("{n:.2}"),
        n if n < 100.0 => format!("{n:.1}"),
        n => format!("{n:.0}"),
    }
}

/// Counts by name, the most frequent first: `MATCH 12, NOMATCH 3`; `none` if there are none.
pub fn counts(counts: &Numbers) -> String {
    let mut rows: Vec<(&str, &u64)> = counts.iter().filter(|(_, count)| **count > 0).collect();
    rows.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    if rows.is_empty() {
        return "none".to_owned();
    }
    rows.iter().map(|(name, count)| format!("{} {}", plain(name), grouped(**count))).collect::<Vec<_>>().join(", ")
}

/// A number's cell.
pub fn right(text: impl ToString) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Prints the table without trailing spaces.
pub fn print(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// As [`print`], fitted to the terminal's width. No name is broken: only the columns `wraps` may take several lines. If
/// the others do not fit, the columns `spare` are left out, the first of them first, and are named below. Without a
/// terminal each row is a line.
pub fn print_fitted(mut table: Table, wraps: &[usize], spare: &[usize], out: &mut dyn Write) -> io::Result<()> {
    let left_out = fit(&mut table, wraps, spare);
    print(&table, out)?;
    if !left_out.is_empty() {
        writeln!(out, "columns left out because the terminal is narrow: {}", left_out.join(", "))?;
    }
    Ok(())
}

/// Hides columns until the others fit; returns their names.
fn fit(table: &mut Table, wraps: &[usize], spare: &[usize]) -> Vec<String> {
    /// The narrowest readable width of a wrapped column.
    const NARROW: usize = 16;
    let Some(width) = table.width() else { return Vec::new() };
    let mut needed: Vec<usize> = table.column_max_content_widths().into_iter().map(usize::from).collect();
    for (at, needed) in needed.iter_mut().enumerate() {
        let content = if wraps.contains(&at) { (*needed).min(NARROW) } else { *needed };
        // A blank on either side, and one between two columns.
        *needed = content + 3;
        if let Some(column) = table.column_mut(at).filter(|_| !wraps.contains(&at)) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let header: Vec<String> =
        table.header().map(|row| row.cell_iter().map(Cell::content).collect()).unwrap_or_default();
    let mut left_out = Vec::new();
    for at in spare {
        if needed.iter().sum::<usize>() <= usize::from(width) + 1 {
            break;
        }
        if let (Some(column), Some(needed)) = (table.column_mut(*at), needed.get_mut(*at)) {
            column.set_constraint(ColumnConstraint::Hidden);
            *needed = 0;
            left_out.extend(header.get(*at).cloned());
        }
    }
    table.set_content_arrangement(ContentArrangement::Dynamic);
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_to_the_second() {
        assert_eq!(moment("2026-11-24T13:49:49.123456Z"), "2026-11-24T13:49:49Z");
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        let cases = [(0, "0"), (999, "999"), (1_000, "1,000"), (115_521, "115,521"), (1_234_567, "1,234,567")];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
        assert_eq!(counted(1, "route"), "1 route");
        assert_eq!(counted(2_000, "route"), "2,000 routes");
    }

    #[test]
    fn times_have_three_digits_or_so() {
        assert_eq!(duration(Duration::from_nanos(850)), "850 ns");
        assert_eq!(duration(Duration::from_nanos(12_340)), "12.3 µs");
        assert_eq!(duration(Duration::from_micros(4_560)), "4.56 ms");
        assert_eq!(duration(Duration::from_millis(7_800)), "7.8 s");
    }

    #[test]
    fn short_numbers_have_three_digits() {
        let cases = [
            (0.0, "0"),
            (0.1, "0.1"),
            (950.4, "950"),
            (999.6, "1.00 k"),
            (12_340.0, "12.3 k"),
            (999_600.0, "1.00 M"),
            (4_560_000.0, "4.56 M"),
            (7.89e9, "7.89 G"),
        ];
        for (number, text) in cases {
            assert_eq!(short(number), text);
        }
    }

    #[test]
    fn counts_are_told_by_size() {
        let some = [("fuel", 3), ("memory", 1_200), ("load", 0)].into_iter().collect();
        assert_eq!(counts(&some), "memory 1,200, fuel 3");
        assert_eq!(counts(&Numbers::default()), "none");
    }

    #[test]
    fn what_a_script_says_moves_no_cursor() {
        assert_eq!(plain("a\u{1b}[2J\n\tb\u{202e}"), "a\\u{1b}[2J\n\tb\\u{202e}");
    }

    #[test]
    fn times_keep_their_date_and_zone() {
        assert_eq!(time("2026-11-24T13:49:49.123456Z", 3), "2026-11-24T13:49:49.123Z");
        assert_eq!(time("2026-11-24T13:49:49.123456+01:00", 0), "2026-11-24T13:49:49+01:00");
        assert_eq!(time("2026-11-24T13:49:49.1Z", 3), "2026-11-24T13:49:49.1Z");
        assert_eq!(time("2026-11-24T13:49:49Z", 3), "2026-11-24T13:49:49Z");
        assert_eq!(time("2026.\u{1b}[2J", 3), "2026.\\u{1b}[2J");
    }

    #[test]
    fn a_file_s_name_is_one_line() {
        assert_eq!(path(Path::new("a\n\u{1b}[2J\tb")), "a\\n\\u{1b}[2J\\tb");
    }

    #[test]
    fn only_the_first_paragraph_is_for_listings() {
        assert_eq!(first_paragraph("One\n two.\n\nThree."), "One two.");
        assert_eq!(first_paragraph(""), "");
    }

    #[test]
    fn names_are_never_broken_in_a_narrow_terminal() {
        let names = ["tenant-with-a-long-name/attachment", "demo.admit"];
        let why = "a reason that is given in more words than there is room for on one line";
        for width in 1..=120 {
            let mut table = table(&["attachment", "hook point", "why", "order"]);
            table.add_row([names[0], names[1], why, "5"]);
            table.set_width(width);
            let left_out = fit(&mut table, &[2], &[3, 1, 2]);
            let text = table.to_string();
            assert!(text.contains(names[0]), "{width}\n{text}");
            assert_eq!(text.contains(names[1]), !left_out.contains(&"hook point".to_owned()), "{width}\n{text}");
            let widest = text.lines().map(|line| line.trim_end().chars().count()).max().unwrap_or(0);
            assert!(widest <= usize::from(width).max(names[0].len() + 2), "{width}: {widest}\n{text}");
        }
    }
}

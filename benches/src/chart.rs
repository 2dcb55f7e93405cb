//! The summary as a picture: one bar per row, on a logarithmic scale.

use std::fmt::{self, Write};

use crate::row::{Measured, Row, Rows, nanoseconds};

const WIDTH: f64 = 860.0;
/// Where bars start, and where the longest may end.
const LEFT: f64 = 190.0;
const RIGHT: f64 = WIDTH - 90.0;
const BAR: f64 = 16.0;
const STEP: f64 = 21.0;
const GROUP_GAP: f64 = 16.0;
const TOP: f64 = 64.0;

const STYLE: &str = "text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-size: 15px; font-weight: 600 } \
    .group { font-weight: 600 } .axis { fill: #57606a; font-size: 11px } .grid { stroke: #d0d7de; stroke-width: 1 } \
    .sandbox { fill: #1f7a5c } .native { fill: #8c959f } .frr { fill: #c4622d } .other { fill: #4a7ab5 }";

/// The rows as an SVG document.
///
/// # Errors
/// None; formatting into memory does not fail.
pub fn svg(rows: &Rows, machine: &str) -> Result<String, fmt::Error> {
    let scale = Scale::of(rows);
    let mut bars = String::new();
    let mut y = TOP;
    let mut group = None;
    for measured in &rows.0 {
        let row = measured.row;
        if row.name.is_some() && group != Some(row.group) {
            y += GROUP_GAP;
            writeln!(bars, r#"<text class="group" x="10" y="{:.0}">{}</text>"#, y + BAR - 4.0, escaped(row.group))?;
            y += STEP;
        }
        group = Some(row.group);
        bar(&mut bars, measured, &scale, y)?;
        y += STEP;
    }
    let bottom = y + 4.0;
    let height = bottom + 28.0;

    let mut out = String::new();
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0} {height:.0}" width="{WIDTH:.0}" height="{height:.0}" role="img">"#
    )?;
    writeln!(out, "<style>{STYLE}</style>")?;
    writeln!(out, r##"<rect width="100%" height="100%" fill="#ffffff"/>"##)?;
    writeln!(out, r#"<text class="title" x="10" y="24">Nanoseconds per call, median (logarithmic)</text>"#)?;
    writeln!(out, r#"<text class="axis" x="10" y="43">{}</text>"#, escaped(machine))?;
    for decade in scale.decades() {
        let x = scale.x(decade);
        writeln!(out, r#"<line class="grid" x1="{x:.1}" y1="{TOP:.0}" x2="{x:.1}" y2="{bottom:.0}"/>"#)?;
        let label = nanoseconds_round(decade);
        writeln!(out, r#"<text class="axis" x="{x:.1}" y="{:.0}" text-anchor="middle">{label}</text>"#, bottom + 16.0)?;
    }
    out.push_str(&bars);
    out.push_str("</svg>\n");
    Ok(out)
}

fn bar(out: &mut String, measured: &Measured, scale: &Scale, y: f64) -> fmt::Result {
    let row = measured.row;
    let (label, indent) = row.name.map_or((row.group, 10.0), |name| (name, 26.0));
    let end = scale.x(measured.ns);
    let text = y + BAR - 4.0;
    writeln!(out, r#"<text x="{indent:.0}" y="{text:.0}">{}</text>"#, escaped(label))?;
    writeln!(
        out,
        r#"<rect class="{}" x="{LEFT:.0}" y="{y:.0}" width="{:.1}" height="{BAR:.0}" rx="2"/>"#,
        class(&row),
        end - LEFT
    )?;
    writeln!(out, r#"<text x="{:.1}" y="{text:.0}">{}</text>"#, end + 6.0, nanoseconds(measured.ns))
}

fn class(row: &Row) -> &'static str {
    match row.name {
        Some("kept" | "fresh") => "sandbox",
        Some("frr_bare") => "frr",
        _ if row.is_native() => "native",
        _ if row.is_frr() => "frr",
        _ => "other",
    }
}

/// Powers of ten between which all rows lie.
struct Scale {
    first: i32,
    last: i32,
}

impl Scale {
    fn of(rows: &Rows) -> Scale {
        let least = rows.0.iter().map(|m| m.ns).fold(f64::INFINITY, f64::min);
        let most = rows.0.iter().map(|m| m.ns).fold(1.0, f64::max);
        // The least bar is to be seen, so the scale begins below it.
        let first = if least.is_finite() { (least * 0.8).log10().floor() as i32 } else { 0 };
        Scale { first, last: (most.log10().ceil() as i32).max(first + 1) }
    }

    fn x(&self, ns: f64) -> f64 {
        let part = (ns.log10() - f64::from(self.first)) / f64::from(self.last - self.first);
        LEFT + part.clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    fn decades(&self) -> impl Iterator<Item = f64> {
        (self.first..=self.last).map(|power| 10f64.powi(power))
    }
}

fn nanoseconds_round(ns: f64) -> String {
    if ns < 1.0 { format!("{ns}") } else { nanoseconds(ns).trim_end_matches('0').trim_end_matches('.').to_owned() }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    #[test]
    fn bars_grow_with_time() {
        let rows = Rows(row::ALL.iter().zip(1..).map(|(row, i)| Measured { row: *row, ns: 2f64.powi(i) }).collect());
        let scale = Scale::of(&rows);
        let ends: Vec<f64> = rows.0.iter().map(|m| scale.x(m.ns)).collect();
        assert!(ends.is_sorted() && ends[0] > LEFT && ends[ends.len() - 1] <= RIGHT);
        let svg = svg(&rows, "a <machine>").expect("an SVG");
        assert_eq!(svg.matches("<rect class").count(), row::ALL.len());
        assert!(svg.contains("a &lt;machine&gt;") && svg.ends_with("</svg>\n"));
    }
}

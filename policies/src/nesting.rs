//! The bounds of a policy's text before it is parsed: its size, and a scan that bounds its nesting.
//!
//! The TOML parser bounds brackets within brackets and the length of dotted keys, each at 80, but not their product: `{
//! a.a.a = { a.a.a = …` makes thousands of tables within tables out of a few kilobytes, and dropping those, one stack
//! frame per level, overflows a thread's stack. Therefore this module lexes the text first, by the parser's own rules
//! for strings and comments, and rejects a statement that nests too deep. It errs on the safe side: text that is not
//! valid TOML may look deeper here than it is, but never flatter.

use std::ops::Range;

/// The most bytes that a policy file may have, 1 MiB.
pub const MAX_FILE: usize = 1 << 20;

/// The most tables, arrays and parts of dotted keys that one statement of a policy file may nest. A meaningful
/// statement needs about ten.
pub const MAX_NESTING: usize = 32;

/// What the scan of the text found.
pub(crate) struct Outline {
    /// Where the table headers are, each from its first bracket to the end of its line, in order.
    headers: Vec<Range<usize>>,
}

impl Outline {
    /// Scans `text`. The error is the offset at which it becomes too deep.
    pub(crate) fn of(text: &str) -> Result<Self, usize> {
        Self::within(text, MAX_NESTING)
    }

    fn within(text: &str, limit: usize) -> Result<Self, usize> {
        let mut outline = Outline { headers: Vec::new() };
        let mut depth = Depth::default();
        let mut line_is_blank = true;
        let mut in_header = false;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'\n' => {
                    if in_header && let Some(header) = outline.headers.last_mut() {
                        header.end = at;
                    }
                    in_header = false;
                    depth.end_key();
                }
                b'[' | b'{' => {
                    if byte == b'[' && line_is_blank && depth.is_top() {
                        outline.headers.push(at..text.len());
                        in_header = true;
                    }
                    depth.open(byte);
                }
                b']' => depth.close(b'['),
                b'}' => depth.close(b'{'),
                b'.' => depth.dot(),
                b',' => depth.end_key(),
                _ => {}
            }
            if depth.total > limit {
                return Err(at);
            }
            line_is_blank = byte == b'\n' || (line_is_blank && matches!(byte, b' ' | b'\t' | b'\r'));
            at = end_of_token(bytes, at);
        }
        Ok(outline)
    }

    /// The dotted name in the last table header before `offset`, as it is written; empty before the first header.
    pub(crate) fn section<'t>(&self, text: &'t str, offset: usize) -> &'t str {
        let before = self.headers.partition_point(|header| header.start <= offset);
        let Some(header) = before.checked_sub(1).and_then(|last| self.headers.get(last)) else {
            return "";
        };
        let line = text.get(header.clone()).unwrap_or_default();
        line.trim_start_matches('[').split(']').next().unwrap_or_default().trim()
    }

    /// Whether `offset` is in a table header.
    pub(crate) fn in_header(&self, offset: usize) -> bool {
        let before = self.headers.partition_point(|header| header.start <= offset);
        before.checked_sub(1).and_then(|last| self.headers.get(last)).is_some_and(|header| header.contains(&offset))
    }
}

/// How deep the statement is at the current byte.
#[derive(Default)]
struct Depth {
    /// The open brackets, each with the dots of the key in front of it.
    open: Vec<(u8, usize)>,
    /// Dots of the current key.
    dots: usize,
    /// Open brackets and all of the dots.
    total: usize,
}

impl Depth {
    fn is_top(&self) -> bool {
        self.open.is_empty()
    }

    fn open(&mut self, bracket: u8) {
        self.open.push((bracket, self.dots));
        self.dots = 0;
        self.total += 1;
    }

    /// A bracket that does not match is not counted, because the parser may not count it either.
    fn close(&mut self, bracket: u8) {
        if let Some((_, dots)) = self.open.pop_if(|(open, _)| *open == bracket) {
            self.total -= 1 + self.dots;
            self.dots = dots;
        }
    }

    fn dot(&mut self) {
        self.dots += 1;
        self.total += 1;
    }

    fn end_key(&mut self) {
        self.total -= self.dots;
        self.dots = 0;
    }
}

/// Returns where the token that begins at `at` ends. As in the parser, a quote begins a string only at the beginning of
/// a token; a string on one line ends with the line at the latest, other strings with the text.
fn end_of_token(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let find = |from: usize, stop: fn(u8) -> bool| {
        rest.iter().skip(from).position(|b| stop(*b)).map_or(rest.len(), |found| from + found)
    };
    let len = match rest {
        [b'.' | b'=' | b',' | b'[' | b']' | b'{' | b'}' | b' ' | b'\t' | b'\r' | b'\n', ..] => 1,
        [b'#', ..] => find(1, |b| matches!(b, b'\r' | b'\n')),
        [b'\'', b'\'', b'\'', ..] => end_of_long_string(rest, b'\'', false),
        [b'"', b'"', b'"', ..] => end_of_long_string(rest, b'"', true),
        [b'\'', ..] => {
            let end = find(1, |b| matches!(b, b'\'' | b'\n'));
            end + usize::from(rest.get(end) == Some(&b'\''))
        }
        [b'"', ..] => {
            let mut end = 1;
            loop {
                end = find(end, |b| matches!(b, b'"' | b'\\' | b'\n'));
                match (rest.get(end), rest.get(end + 1)) {
                    (Some(b'\\'), Some(b'\\' | b'"')) => end += 2,
                    (Some(b'\\'), _) => end += 1,
                    (Some(b'"'), _) => break end + 1,
                    _ => break end,
                }
            }
        }
        _ => find(1, |b| b".=,[]{} \t#\r\n".contains(&b)),
    };
    at + len
}

/// The length of the `'''` or `"""` string at the beginning of `rest`. One or two more quotes may precede the last
/// three.
fn end_of_long_string(rest: &[u8], quote: u8, escapes: bool) -> usize {
    let mut end = 3;
    while end < rest.len() && !rest[end..].starts_with(&[quote; 3]) {
        let escaped = escapes && rest[end] == b'\\' && matches!(rest.get(end + 1), Some(b'\\' | b'"'));
        end += if escaped { 2 } else { 1 };
    }
    end = (end + 3).min(rest.len());
    end + rest[end..].iter().take(2).take_while(|b| **b == quote).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::de::{DeTable, DeValue};

    /// Returns the actual nesting of the values. It recurses, so it is only for text that is known to be shallow.
    fn real_depth(table: &DeTable<'_>) -> usize {
        fn of_value(value: &DeValue<'_>) -> usize {
            match value {
                DeValue::Table(table) => real_depth(table),
                DeValue::Array(array) => 1 + array.iter().map(|v| of_value(v.get_ref())).max().unwrap_or(0),
                _ => 0,
            }
        }
        1 + table.values().map(|v| of_value(v.get_ref())).max().unwrap_or(0)
    }

    #[test]
    fn the_bound_is_exact_for_brackets_dots_and_both() {
        let brackets = |n: usize| format!("x = {}{}", "[".repeat(n), "]".repeat(n));
        let tables = |n: usize| format!("x = {}1{}", "{a=".repeat(n), "}".repeat(n));
        let dots = |n: usize| format!("x{} = 1", ".a".repeat(n));
        let both = |n: usize| format!("x = {{a{} = 1}}", ".a".repeat(n - 1));
        let header = |n: usize| format!("[a{}]", ".a".repeat(n - 1));
        for shape in [brackets, tables, dots, both, header] as [fn(usize) -> String; 5] {
            for (n, ok) in [(MAX_NESTING - 1, true), (MAX_NESTING, true), (MAX_NESTING + 1, false)] {
                let text = shape(n);
                assert_eq!(Outline::of(&text).is_ok(), ok, "{n}: {text}");
                assert!(DeTable::parse(&text).is_ok(), "the shapes are valid TOML: {text}");
            }
        }
    }

    #[test]
    fn what_stands_side_by_side_does_not_add_up() {
        let text = "a.b.c = [{x.y = 1}, {x.y = 1.5}, [1.5, 2.5, '{{{[[[', \"[[[\\\"{{{\"]]\n".repeat(100);
        assert!(DeTable::parse(&text[..text.len() / 100]).is_ok());
        assert!(Outline::of(&text).is_ok());
        let text = format!("# {}\n", "[".repeat(100)) + &format!("x = '''\n{}'''''\n", "{a.".repeat(100));
        assert!(DeTable::parse(&text).is_ok());
        assert!(Outline::of(&text).is_ok());
    }

    #[test]
    fn quotes_within_a_word_begin_no_string() {
        // A scanner that took them for a string would not see the brackets that the parser sees.
        let hidden = format!("x = a\"{}\"\n", "[".repeat(MAX_NESTING + 1));
        assert!(Outline::of(&hidden).is_err());
    }

    #[test]
    fn brackets_that_do_not_match_close_nothing() {
        for mismatched in ["{]", "[}"] {
            assert!(Outline::of(&("x = ".to_owned() + &mismatched.repeat(MAX_NESTING + 1))).is_err());
        }
    }

    /// Whatever text the parser is given, the parsed values are nested no deeper than the outline says.
    #[test]
    fn no_text_is_deeper_than_it_looks() {
        const PIECES: [&str; 25] = [
            "a", "b", ".", ".", ".", "=", "=", "{", "{", "}", "[", "[", "]", ",", " ", "\n", "\n", "'", "\"", "\\",
            "#", "1", "'''", "\"\"\"", "\r\n",
        ];
        // A linear congruential generator, so that every run uses the same texts.
        let mut state = 1_u64;
        let mut below = |bound: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % bound
        };
        let mut deepest = 0;
        for _ in 0..20_000 {
            let text: String = (0..1 + below(60)).map(|_| PIECES[below(PIECES.len())]).collect();
            let looks = (0..=60).find(|limit| Outline::within(&text, *limit).is_ok()).expect("at most 60 pieces");
            let (table, _) = DeTable::parse_recoverable(&text);
            let real = real_depth(table.get_ref());
            // The outline treats a header and the statement under it separately. Each part of a header may stand for an
            // array of tables and a table in it. The root table is not counted.
            assert!(real <= 3 * looks + 3, "{text:?} is {real} deep and looks {looks} deep");
            deepest = deepest.max(real);
        }
        assert!(deepest >= 6, "the texts are too flat to show anything: {deepest}");
    }

    #[test]
    fn the_section_is_the_last_header_before() {
        let text = "a = 1\n[one]\nb = [\n[2]]\n  [[ two.\"x\" ]] # no\nc = 3\n";
        let outline = Outline::of(text).expect("flat");
        let section = |needle: &str| outline.section(text, text.find(needle).expect("in the text"));
        assert_eq!(section("a ="), "");
        assert_eq!(section("b ="), "one");
        assert_eq!(section("[2]"), "one");
        assert_eq!(section("c ="), "two.\"x\"");
        assert!(outline.in_header(text.find("two").expect("in the text")));
        assert!(!outline.in_header(text.find("c =").expect("in the text")));
    }
}

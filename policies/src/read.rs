//! Reads checked values from parsed TOML, and collects the errors.
//!
//! One [`Reader`] accompanies a whole file. Its methods take a value and its dotted key. They return the requested
//! type, or record an error and return nothing.

use std::ops::Range;
use std::str::FromStr;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::disposition::{Disposition, ResultValue};
use crate::error::{Diagnostic, DiagnosticKind, MAX_DIAGNOSTICS, PolicyError};
use crate::key::Key;
use crate::name::NameKind;
use crate::nesting::Outline;
use crate::option::Deadline;
use crate::origin::{Located, Origin};
use crate::text::{one_of, shortened, shown};
use crate::units::{Amount, Millis, Unit, UnitError};
use crate::word::UnknownWord;

/// A value with its location in the text.
pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

/// One file, while it is read.
pub(crate) struct Reader<'t> {
    file: Arc<str>,
    text: &'t str,
    /// The offsets at which lines begin.
    lines: Vec<usize>,
    diagnostics: Vec<Diagnostic>,
    omitted: usize,
}

impl<'t> Reader<'t> {
    pub(crate) fn new(text: &'t str, file: Arc<str>) -> Self {
        let after_newlines = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        let lines = std::iter::once(0).chain(after_newlines).collect();
        Self { file, text, lines, diagnostics: Vec::new(), omitted: 0 }
    }

    /// The line and column of a byte, both from 1; columns count characters.
    fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|i| self.lines.get(i)).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Where a value of a section was set.
    pub(crate) fn origin(&self, span: &Range<usize>, section: &Arc<str>, path: &str) -> Origin {
        let (line, column) = self.position(span.start);
        Origin { file: self.file.clone(), line, column, section: section.clone(), key: path.into() }
    }

    pub(crate) fn report(&mut self, span: &Range<usize>, key: impl Into<String>, kind: impl Into<DiagnosticKind>) {
        if self.diagnostics.len() == MAX_DIAGNOSTICS {
            self.omitted += 1;
            return;
        }
        let (line, column) = self.position(span.start);
        let file = self.file.clone();
        self.diagnostics.push(Diagnostic { file, line, column, key: key.into(), kind: kind.into() });
    }

    /// Reports an error in something that was already read.
    pub(crate) fn report_at(&mut self, at: &Origin, kind: DiagnosticKind) {
        if self.diagnostics.len() == MAX_DIAGNOSTICS {
            self.omitted += 1;
            return;
        }
        self.diagnostics.push(Diagnostic {
            file: at.file.clone(),
            line: at.line,
            column: at.column,
            key: at.key.to_string(),
            kind,
        });
    }

    /// Whether no error was reported so far.
    pub(crate) fn is_valid(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// Reports that the text is not TOML. The parser gives the position; the section comes from the outline, because
    /// there is no table to take it from.
    pub(crate) fn not_toml(&mut self, error: &toml::de::Error, outline: &Outline) {
        let span = error.span().unwrap_or(0..0);
        let section = outline.section(self.text, span.start);
        if error.message() != "duplicate key" {
            self.report(&span, as_written(section), DiagnosticKind::Syntax(error.message().to_owned()));
            return;
        }
        let written = self.text.get(span.clone()).unwrap_or_default();
        let key = match section {
            "" => as_written(written),
            _ if outline.in_header(span.start) => as_written(section),
            _ => format!("{}.{}", as_written(section), as_written(written)),
        };
        self.report(&span, key, DiagnosticKind::DuplicateKey);
    }

    /// Returns the reported errors, if there are any.
    pub(crate) fn finish(self) -> Result<(), PolicyError> {
        if self.diagnostics.is_empty() { Ok(()) } else { Err(self.into_error()) }
    }

    /// Builds the error from what was reported.
    pub(crate) fn into_error(mut self) -> PolicyError {
        self.diagnostics.sort_by_key(|one| (one.line, one.column));
        PolicyError { diagnostics: self.diagnostics, omitted: self.omitted }
    }

    /// Reports a key that has no meaning in a table whose keys are `expected`.
    pub(crate) fn unknown_key(&mut self, key: &Spanned<impl AsRef<str>>, path: &str, expected: &[&'static str]) {
        let suggestion = nearest(key.get_ref().as_ref(), expected);
        self.report(&key.span(), path, DiagnosticKind::UnknownKey { expected: expected.to_vec(), suggestion });
    }

    pub(crate) fn expected(&mut self, value: &Value<'_>, path: &str, expected: impl Into<String>) {
        let kind = DiagnosticKind::Expected { expected: expected.into(), found: described(value.get_ref()) };
        self.report(&value.span(), path, kind);
    }

    pub(crate) fn table<'v>(&mut self, value: &'v Value<'t>, path: &str) -> Option<&'v DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.expected(value, path, "a table");
        }
        table
    }

    pub(crate) fn string<'v>(&mut self, value: &'v Value<'_>, path: &str) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.expected(value, path, "a string");
        }
        text
    }

    /// One of a closed set of words.
    pub(crate) fn word<T: FromStr<Err = UnknownWord>>(
        &mut self,
        value: &Value<'_>,
        path: &str,
        words: &[&str],
    ) -> Option<T> {
        let word = value.get_ref().as_str().and_then(|text| text.parse().ok());
        if word.is_none() {
            self.expected(value, path, one_of(words));
        }
        word
    }

    /// Whether `name` is a valid name of this kind.
    pub(crate) fn name(&mut self, kind: NameKind, name: &str, span: &Range<usize>, path: &str) -> bool {
        kind.check(name).map_err(|error| self.report(span, path, error)).is_ok()
    }

    /// An amount within the hard bounds of `key`.
    pub(crate) fn amount(&mut self, value: &Value<'_>, path: &str, key: Key) -> Option<u64> {
        let amount = self.number(value, path, key.unit(), key.unit().expected())?;
        let (min, max) = key.bounds();
        self.within(value, path, key.unit(), amount, (min, max))
    }

    /// `"off"`, or a time within the bounds of deadlines.
    pub(crate) fn deadline(&mut self, value: &Value<'_>, path: &str) -> Option<Deadline> {
        if value.get_ref().as_str() == Some("off") {
            return Some(Deadline::OFF);
        }
        let millis = self.number(value, path, Unit::Millis, r#""off" or a string such as "50ms" or "2s""#)?;
        let bounds = (Deadline::MIN.get(), Deadline::MAX.get());
        let millis = self.within(value, path, Unit::Millis, millis, bounds)?;
        Some(Deadline::after(Millis::new(millis)))
    }

    /// An amount without bounds.
    fn number(&mut self, value: &Value<'_>, path: &str, unit: Unit, expected: &str) -> Option<u64> {
        let read = match value.get_ref() {
            DeValue::String(text) => unit.parse(text),
            DeValue::Integer(_) if !unit.may_be_bare() => {
                self.expected(value, path, expected);
                return None;
            }
            // Digits alone fail to parse only when there are too many; anything else has a sign in front.
            DeValue::Integer(digits) => match u64::from_str_radix(digits.as_str(), digits.radix()) {
                Ok(value) => Ok(value),
                Err(_) if digits.as_str().starts_with('-') => {
                    self.expected(value, path, expected);
                    return None;
                }
                Err(_) => {
                    let text = shortened(&digits.to_string());
                    Err(UnitError::TooLarge { unit, text })
                }
            },
            _ => {
                self.expected(value, path, expected);
                return None;
            }
        };
        match read {
            Ok(amount) => Some(amount),
            Err(error) => {
                self.report(&value.span(), path, error);
                None
            }
        }
    }

    /// `amount`, if it is within the bounds.
    fn within(
        &mut self,
        value: &Value<'_>,
        path: &str,
        unit: Unit,
        amount: u64,
        (min, max): (u64, u64),
    ) -> Option<u64> {
        let shown = |value| Amount { value, unit };
        let kind = if amount < min {
            DiagnosticKind::UnderMinimum { value: shown(amount), min: shown(min) }
        } else if amount > max {
            DiagnosticKind::OverMaximum { value: shown(amount), max: shown(max) }
        } else {
            return Some(amount);
        };
        self.report(&value.span(), path, kind);
        None
    }

    /// `"default"`, `"skip"`, `"closed"` or `{ result = { … } }`.
    pub(crate) fn disposition(&mut self, value: &Value<'t>, path: &str) -> Option<Disposition> {
        match value.get_ref() {
            DeValue::String(word) if word == "default" => Some(Disposition::Default),
            DeValue::String(word) if word == "skip" => Some(Disposition::Skip),
            DeValue::String(word) if word == "closed" => Some(Disposition::Closed),
            DeValue::Table(table) => {
                for key in table.keys().filter(|key| key.get_ref() != "result") {
                    self.unknown_key(key, &join(path, key.get_ref()), &["result"]);
                }
                let Some(result) = table.get("result") else {
                    self.report(&value.span(), path, DiagnosticKind::MissingKey { key: "result" });
                    return None;
                };
                let path = join(path, "result");
                let record = self.table(result, &path)?;
                self.record(record, &path).map(Disposition::Result)
            }
            _ => {
                self.expected(value, path, r#""default", "skip", "closed" or a table { result = { ... } }"#);
                None
            }
        }
    }

    /// The items of a table in the order of the file.
    pub(crate) fn record(&mut self, table: &DeTable<'t>, path: &str) -> Option<Vec<(String, ResultValue)>> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        // All items are read before any failure counts, so that every error is reported.
        let read: Vec<_> = entries
            .into_iter()
            .map(|(key, value)| {
                let value = self.result_value(value, &join(path, key.get_ref()))?;
                Some((key.get_ref().to_string(), value))
            })
            .collect();
        read.into_iter().collect()
    }

    /// A value for the host to check. It recurses, at most as deep as [`crate::MAX_NESTING`] lets a statement be.
    fn result_value(&mut self, value: &Value<'t>, path: &str) -> Option<ResultValue> {
        match value.get_ref() {
            DeValue::Boolean(value) => Some(ResultValue::Boolean(*value)),
            DeValue::String(text) => Some(ResultValue::String(text.to_string())),
            DeValue::Integer(digits) => match i64::from_str_radix(digits.as_str(), digits.radix()) {
                Ok(value) => Some(ResultValue::Integer(value)),
                Err(_) => {
                    self.expected(value, path, "an integer of at most 64 bits with its sign");
                    None
                }
            },
            DeValue::Float(digits) => match digits.as_str().parse() {
                Ok(value) => Some(ResultValue::Float(value)),
                Err(_) => {
                    self.expected(value, path, "a number");
                    None
                }
            },
            DeValue::Array(values) => {
                let read: Vec<_> = values
                    .iter()
                    .enumerate()
                    .map(|(i, value)| self.result_value(value, &format!("{path}[{i}]")))
                    .collect();
                read.into_iter().collect::<Option<_>>().map(ResultValue::List)
            }
            DeValue::Table(table) => self.record(table, path).map(ResultValue::Record),
            DeValue::Datetime(_) => {
                self.expected(value, path, "a boolean, number, string, list or table");
                None
            }
        }
    }

    /// `value` with its location.
    pub(crate) fn located<T>(&self, value: T, span: &Range<usize>, section: &Arc<str>, path: &str) -> Located<T> {
        Located { value, origin: self.origin(span, section, path) }
    }
}

/// A description of a value, for "found …".
fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => shown(text),
        DeValue::Integer(digits) => shortened(&digits.to_string()),
        DeValue::Float(digits) => shortened(digits.as_str()),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(_) => "a date or time".to_owned(),
        DeValue::Array(_) => "an array".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// A key as it stands in the text, which may contain anything when it is not TOML.
fn as_written(key: &str) -> String {
    shortened(key).replace(char::is_control, "\u{fffd}")
}

/// The dotted key of `key` in the table `path`, quoted where TOML needs it.
pub(crate) fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let key = if bare { shortened(key) } else { shown(key) };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// The known word nearest to `written`: at most one edit away for up to four letters, two for up to eight, else three.
pub(crate) fn nearest<'w>(written: &str, words: &[&'w str]) -> Option<&'w str> {
    let written: Vec<char> = written.chars().take(64).collect();
    let allowed = match written.len() {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let distances = words.iter().map(|word| (edits(&written, word), *word));
    distances.filter(|(distance, _)| *distance <= allowed).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// The number of letters to insert, delete, replace or swap with their neighbour to turn `a` into `b`.
fn edits(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let words = ["fuel", "memory", "log_lines", "on_fault"];
        for (written, word) in [
            ("fule", Some("fuel")),
            ("feul", Some("fuel")),
            ("fuels", Some("fuel")),
            ("fue", Some("fuel")),
            ("fu", None),
            ("memroy", Some("memory")),
            ("log-lines", Some("log_lines")),
            ("loglines", Some("log_lines")),
            ("on_faults", Some("on_fault")),
            ("timeout", None),
            ("", None),
        ] {
            assert_eq!(nearest(written, &words), word, "{written}");
        }
    }

    #[test]
    fn keys_are_quoted_where_they_have_to_be() {
        assert_eq!(join("", "hooks"), "hooks");
        assert_eq!(join("hooks", "web.request"), "hooks.\"web.request\"");
        assert_eq!(join("tenants", ""), "tenants.\"\"");
        assert_eq!(join("tenants", "a\u{1b}"), "tenants.\"a\\u{1b}\"");
    }

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let reader = Reader::new("é = 1\r\n\nx", "f".into());
        assert_eq!(reader.position(0), (1, 1));
        assert_eq!(reader.position(2), (1, 2));
        assert_eq!(reader.position(8), (2, 1));
        assert_eq!(reader.position(9), (3, 1));
        assert_eq!(reader.position(10), (3, 2));
    }
}

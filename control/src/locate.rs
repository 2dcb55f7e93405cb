//! Finds the column of a script's syntax error.
//!
//! Lua's compiler reports the line and the unexpected token, not the column. If the token occurs once in the line, its
//! column is known. If it occurs several times, the script is compiled up to each of them: cut off before the culprit,
//! it ends with another error than cut off behind it.

use tenterhook::Request;
use tenterhook::operate::Operations;

use super::rejection::{Rejection, position};

/// The most positions that are tried.
const MOST: usize = 16;

/// Adds the column to a syntax error, if it can be found.
pub(super) fn add_column(host: Operations<'_>, request: &Request, mut rejection: Rejection) -> Rejection {
    let found = position(&rejection.error.message).and_then(|(script, line)| {
        let text = request.text_of(script)?;
        column(host, request, text, script, line, &rejection.error.message)
    });
    rejection.error.column = found.map(|column| column as u64);
    rejection
}

/// The column, in bytes from 1.
fn column(
    host: Operations<'_>,
    request: &Request,
    text: &[u8],
    script: &str,
    line: u64,
    message: &str,
) -> Option<usize> {
    let token = message.rsplit_once(" near ").map(|(_, token)| token)?;
    let start = line_start(text, line)?;
    let end = text[start..].iter().position(|b| *b == b'\n').map_or(text.len(), |at| start + at);
    if token == "<eof>" {
        return Some(text.len().saturating_sub(last_line_start(text)) + 1);
    }
    let token = token.strip_prefix('\'')?.strip_suffix('\'')?.as_bytes();
    let places: Vec<usize> = (start..end).filter(|at| text[*at..end].starts_with(token) && !token.is_empty()).collect();
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let is_word = token.iter().all(word);
    // A name must not be part of a longer one.
    let whole = |at: &usize| {
        !is_word
            || !(at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(word)
                || text.get(at + token.len()).is_some_and(word))
    };
    let places: Vec<usize> = places.into_iter().filter(whole).take(MOST).collect();
    match places[..] {
        [] => None,
        [only] => Some(only - start + 1),
        _ => {
            let same = |at: &&usize| {
                let up_to = &text[..**at + token.len()];
                host.syntax_error(request, up_to, script).as_deref() == Some(message)
            };
            places.iter().find(same).map(|at| at - start + 1)
        }
    }
}

fn line_start(text: &[u8], line: u64) -> Option<usize> {
    let before = usize::try_from(line).ok()?.checked_sub(1)?;
    if before == 0 {
        return Some(0);
    }
    text.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(before - 1).map(|(at, _)| at + 1)
}

fn last_line_start(text: &[u8]) -> usize {
    text.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_start_after_newlines() {
        let text = b"a\nbb\n\nc";
        assert_eq!([1, 2, 3, 4, 5].map(|line| line_start(text, line)), [Some(0), Some(2), Some(5), Some(6), None]);
        assert_eq!((last_line_start(text), last_line_start(b"x")), (6, 0));
        assert_eq!(line_start(text, 0), None);
    }
}

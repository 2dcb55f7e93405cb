//! Words in messages: foreign text, quoted and shortened, and lists of expected words.

/// The most characters of foreign text in a message.
const SHOWN: usize = 64;

/// `text` in quotes, with control characters escaped, shortened when it is long.
pub(crate) fn shown(text: &str) -> String {
    format!("{:?}", shortened(text))
}

/// `text`, shortened when it is long. Not escaped.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `"a", "b" or "c"`
pub(crate) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_escaped_and_shortened() {
        assert_eq!(shown("a\n\"\u{7}"), r#""a\n\"\u{7}""#);
        for len in [SHOWN - 1, SHOWN] {
            assert_eq!(shown(&"é".repeat(len)), format!("\"{}\"", "é".repeat(len)));
        }
        assert_eq!(shown(&"é".repeat(SHOWN + 1)), format!("\"{}…\"", "é".repeat(SHOWN)));
    }

    #[test]
    fn words_are_listed_as_prose() {
        assert_eq!(one_of(&["a"]), r#""a""#);
        assert_eq!(one_of(&["a", "b"]), r#""a" or "b""#);
        assert_eq!(one_of(&["a", "b", "c"]), r#""a", "b" or "c""#);
    }
}

//! The syntax of strings whose content means something to the host.
//!
//! Crates that declare hook points define their own syntaxes as `static`s. Answers, arguments and values from JSON are
//! checked against them.

use std::fmt;

/// The syntax of a string. Its name is its identity: two syntaxes with the same name are equal.
#[derive(Debug, Clone, Copy)]
pub struct Syntax {
    name: &'static str,
    expected: &'static str,
    example: &'static str,
    accepts: fn(&str) -> bool,
}

impl Syntax {
    /// A syntax named `name`, which accepts the texts that `accepts` accepts.
    ///
    /// `expected` describes the text in messages, such as "word: lower-case letters such as abc"; `example` is one text
    /// that is accepted.
    pub const fn new(
        name: &'static str,
        expected: &'static str,
        example: &'static str,
        accepts: fn(&str) -> bool,
    ) -> Syntax {
        Syntax { name, expected, example, accepts }
    }

    /// The name in listings and fingerprints.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// A text that is accepted.
    pub fn example(&self) -> &'static str {
        self.example
    }

    /// Whether the bytes are text of this syntax; bytes that are not UTF-8 never are.
    pub fn accepts(&self, text: &[u8]) -> bool {
        std::str::from_utf8(text).is_ok_and(self.accepts)
    }
}

impl PartialEq for Syntax {
    fn eq(&self, other: &Syntax) -> bool {
        self.name == other.name
    }
}

impl Eq for Syntax {}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_of_the_syntax_is_accepted() {
        let letters: fn(&str) -> bool = |text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase());
        let word = Syntax::new("word", "word: lower-case letters such as abc", "abc", letters);
        assert!(word.accepts(word.example().as_bytes()));
        assert!(!word.accepts(b"") && !word.accepts(b"Abc") && !word.accepts(b"\xff"));
        assert_eq!((word.name(), word.to_string().as_str()), ("word", "word: lower-case letters such as abc"));
        assert_eq!(word, Syntax::new("word", "", "", |_| false));
        assert_ne!(word, Syntax::new("sentence", word.expected, word.example, letters));
    }
}

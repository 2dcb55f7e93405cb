//! Names as scripts see them.

use proc_macro2::Span;
use syn::{Error, Ident, LitStr, Result};

/// The most bytes of a name, as in the builder of declarations.
const MAX_NAME: usize = 64;

const KEYWORDS: [&str; 22] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
    "not", "or", "repeat", "return", "then", "true", "until", "while",
];

/// A name, and the token at which errors about it point.
#[derive(Clone)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

impl Name {
    /// The name of an identifier, without the `r#` of a raw one.
    pub fn of(ident: &Ident) -> Name {
        let text = ident.to_string();
        Name { text: text.strip_prefix("r#").unwrap_or(&text).to_owned(), span: ident.span() }
    }

    pub fn literal(literal: &LitStr) -> Name {
        Name { text: literal.value(), span: literal.span() }
    }

    /// Rejects a name that is not a Lua name.
    pub fn check(&self, what: &str) -> Result<()> {
        reason(&self.text)
            .map_or(Ok(()), |reason| Err(Error::new(self.span, format!("{what} `{}`: {reason}", self.text))))
    }
}

/// Rejects a hook point's name unless it consists of Lua names joined by dots.
pub fn check_hook_name(name: &LitStr) -> Result<()> {
    let text = name.value();
    if text.len() > MAX_NAME {
        return Err(Error::new(name.span(), format!("a hook point's name has at most {MAX_NAME} bytes")));
    }
    match text.split('.').find_map(reason) {
        Some(reason) => Err(Error::new(
            name.span(),
            format!("{reason}; a hook point's name consists of Lua names joined by dots, such as \"web.request\""),
        )),
        None => Ok(()),
    }
}

/// Rejects names that occur twice.
pub fn check_distinct<'a>(what: &str, names: impl Iterator<Item = &'a Name>) -> Result<()> {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name.text.as_str()) {
            return Err(Error::new(name.span, format!("{what} `{}`: the name is used twice", name.text)));
        }
        seen.push(&name.text);
    }
    Ok(())
}

/// Why `name` is not a Lua name.
fn reason(name: &str) -> Option<String> {
    if KEYWORDS.contains(&name) {
        return Some(format!("`{name}` is a keyword of Lua"));
    }
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    if !starts || !bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Some(format!("`{name}` is not a name in Lua (letters, digits, _)"));
    }
    (name.len() > MAX_NAME).then(|| format!("expected at most {MAX_NAME} bytes"))
}

/// `MatchAndChange` as `MATCH_AND_CHANGE`; runs of capitals stay together (`IGPRoute`: `IGP_ROUTE`).
pub fn screaming(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        let after_lower = i > 0 && !chars[i - 1].is_uppercase() && chars[i - 1] != '_';
        let before_lower = i > 0 && chars[i - 1].is_uppercase() && chars.get(i + 1).is_some_and(|n| n.is_lowercase());
        if c.is_uppercase() && (after_lower || before_lower) {
            out.push('_');
        }
        out.extend(c.to_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::screaming;

    #[test]
    fn variants_become_constants() {
        for (rust, script) in
            [("Match", "MATCH"), ("MatchAndChange", "MATCH_AND_CHANGE"), ("IGPRoute", "IGP_ROUTE"), ("V4", "V4")]
        {
            assert_eq!(screaming(rust), script);
        }
    }
}

//! Lua 5.4 in tokens, each with its place. Takes whatever bytes there are: what is wrong with a script is for Lua to say.

/// A token and where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    /// As it is written.
    pub text: &'a [u8],
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Name,
    Keyword,
    Number,
    /// A short string, with its quotes.
    String,
    /// A string in long brackets.
    LongString,
    /// Operators and punctuation.
    Symbol,
    End,
}

/// Line and column, both from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

const KEYWORDS: [&[u8]; 22] = [
    b"and",
    b"break",
    b"do",
    b"else",
    b"elseif",
    b"end",
    b"false",
    b"for",
    b"function",
    b"goto",
    b"if",
    b"in",
    b"local",
    b"nil",
    b"not",
    b"or",
    b"repeat",
    b"return",
    b"then",
    b"true",
    b"until",
    b"while",
];

/// Symbols of more than one character, longer ones first.
const SYMBOLS: [&[u8]; 11] = [b"...", b"..", b"::", b"==", b"~=", b"<=", b">=", b"//", b"<<", b">>", b"->"];

impl Token<'_> {
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Keyword | Kind::Symbol) && self.text == text.as_bytes()
    }

    /// The text of a name, or what is inside a short string without escapes.
    pub fn word(&self) -> Option<String> {
        let bytes = match self.kind {
            Kind::Name => self.text,
            Kind::String if !self.text.contains(&b'\\') => self.text.get(1..self.text.len().checked_sub(1)?)?,
            _ => return None,
        };
        String::from_utf8(bytes.to_vec()).ok()
    }
}

/// All tokens; the last one is [`Kind::End`].
pub fn tokens(source: &[u8]) -> Vec<Token<'_>> {
    let mut lexer = Lexer { source, at: 0, place: Place { line: 1, column: 1 } };
    if source.first() == Some(&b'#') {
        // As Lua's loader does with a script's first line.
        lexer.skip_line();
    }
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next();
        tokens.push(token);
        if token.kind == Kind::End {
            return tokens;
        }
    }
}

struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    place: Place,
}

impl<'a> Lexer<'a> {
    fn peek(&self, ahead: usize) -> u8 {
        self.source.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn ended(&self) -> bool {
        self.at >= self.source.len()
    }

    fn step(&mut self) {
        if self.ended() {
            return;
        }
        match self.peek(0) {
            b'\n' => self.place = Place { line: self.place.line + 1, column: 1 },
            // Further bytes of a character that was counted.
            0x80..=0xbf => {}
            _ => self.place.column += 1,
        }
        self.at += 1;
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.step();
        }
    }

    fn skip_while(&mut self, wanted: impl Fn(u8) -> bool) {
        while !self.ended() && wanted(self.peek(0)) {
            self.step();
        }
    }

    fn skip_line(&mut self) {
        self.skip_while(|byte| byte != b'\n');
    }

    fn next(&mut self) -> Token<'a> {
        self.skip_blanks();
        let (start, place) = (self.at, self.place);
        let kind = self.kind();
        let text = &self.source[start..self.at];
        let kind = if kind == Kind::Name && KEYWORDS.contains(&text) { Kind::Keyword } else { kind };
        Token { kind, text, place }
    }

    fn skip_blanks(&mut self) {
        loop {
            self.skip_while(|byte| byte.is_ascii_whitespace() || byte == 0x0b);
            if self.peek(0) != b'-' || self.peek(1) != b'-' {
                return;
            }
            self.skip(2);
            match self.long_bracket() {
                Some(level) => self.skip_long(level),
                None => self.skip_line(),
            }
        }
    }

    /// Takes one token's bytes.
    fn kind(&mut self) -> Kind {
        if self.ended() {
            return Kind::End;
        }
        match self.peek(0) {
            byte if is_name(byte) && !byte.is_ascii_digit() => {
                self.skip_while(is_name);
                Kind::Name
            }
            byte if byte.is_ascii_digit() || (byte == b'.' && self.peek(1).is_ascii_digit()) => {
                self.skip_number();
                Kind::Number
            }
            quote @ (b'"' | b'\'') => {
                self.skip_string(quote);
                Kind::String
            }
            b'[' if self.long_bracket().is_some() => {
                let level = self.long_bracket().unwrap_or_default();
                self.skip_long(level);
                Kind::LongString
            }
            _ => {
                let rest = &self.source[self.at..];
                let length = SYMBOLS.iter().find(|symbol| rest.starts_with(symbol)).map_or(1, |symbol| symbol.len());
                self.skip(length);
                Kind::Symbol
            }
        }
    }

    fn skip_number(&mut self) {
        let hexadecimal = self.peek(0) == b'0' && self.peek(1).eq_ignore_ascii_case(&b'x');
        let exponent = if hexadecimal { b'p' } else { b'e' };
        loop {
            let byte = self.peek(0);
            if byte.eq_ignore_ascii_case(&exponent) && matches!(self.peek(1), b'+' | b'-') {
                self.skip(2);
            } else if byte.is_ascii_alphanumeric() || byte == b'.' {
                self.step();
            } else {
                return;
            }
        }
    }

    fn skip_string(&mut self, quote: u8) {
        self.step();
        while !self.ended() {
            match self.peek(0) {
                b'\\' if self.peek(1) == b'z' => {
                    self.skip(2);
                    self.skip_while(|byte| byte.is_ascii_whitespace());
                }
                b'\\' => self.skip(2),
                // It never ends; Lua has said so.
                b'\n' => return,
                byte => {
                    self.step();
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    /// How many `=` are in the long bracket that begins here, if one does.
    fn long_bracket(&self) -> Option<usize> {
        let level = self.source.get(self.at + 1..)?.iter().take_while(|byte| **byte == b'=').count();
        (self.peek(0) == b'[' && self.peek(1 + level) == b'[').then_some(level)
    }

    fn skip_long(&mut self, level: usize) {
        let mut close = vec![b'='; level + 2];
        (close[0], close[level + 1]) = (b']', b']');
        while !self.ended() && !self.source[self.at..].starts_with(&close) {
            self.step();
        }
        self.skip(close.len());
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        tokens(source.as_bytes()).iter().map(|token| String::from_utf8_lossy(token.text).into_owned()).collect()
    }

    #[test]
    fn tokens_are_those_of_lua() {
        assert_eq!(texts("a.b..c...d"), ["a", ".", "b", "..", "c", "...", "d", ""]);
        assert_eq!(texts("x=0x1p-2+1e+5-.5"), ["x", "=", "0x1p-2", "+", "1e+5", "-", ".5", ""]);
        assert_eq!(texts("a//b<<c~=d::e::"), ["a", "//", "b", "<<", "c", "~=", "d", "::", "e", "::", ""]);
        assert_eq!(texts("'a\\'b' \"\\z  \n c\" [==[x]]]==]"), ["'a\\'b'", "\"\\z  \n c\"", "[==[x]]]==]", ""]);
        assert_eq!(texts("#!/usr/bin/lua\na --b\n--[[c\nd]] e --[=[f]]"), ["a", "e", ""]);
    }

    #[test]
    fn places_are_lines_and_characters() {
        let tokens = tokens("é = 'ä' -- ü\n  b".as_bytes());
        let places: Vec<(u32, u32)> = tokens.iter().map(|token| (token.place.line, token.place.column)).collect();
        assert_eq!(places.last(), Some(&(2, 4)));
        assert!(places.contains(&(2, 3)) && places.contains(&(1, 5)), "{places:?}");
    }

    #[test]
    fn anything_ends() {
        for source in ["'", "\"\\", "[[", "[==[ ]]", "--[[", "0x", "\\", "'a\nb'", "\u{0}", "[=", "#"] {
            assert_eq!(tokens(source.as_bytes()).last().map(|token| token.kind), Some(Kind::End), "{source:?}");
        }
    }
}

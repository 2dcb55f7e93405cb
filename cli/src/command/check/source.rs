//! A script's text in tokens and as a tree, by the parser that formatters and linters of Lua use.
//!
//! Lua itself reports errors, in the sandbox; this module accepts any bytes. It builds a tree only for a script that
//! Lua would accept too, so a script that nests deeper than Lua allows has none.

use std::thread;

use full_moon::LuaVersion;
use full_moon::ast::Ast;
use full_moon::tokenizer::{Lexer, LexerResult, Position, Symbol, TokenReference, TokenType};

use super::caught::caught;

/// Deeper than anything that Lua loads.
const MOST_NESTED: u32 = 250;

/// Stack for a tree of [`MOST_NESTED`] levels, in bytes.
const STACK: usize = 16 << 20;

/// Stack for each further token, in bytes: the tree of `1 + 1 + 1 + …` is as deep as it is long. Only the used part
/// becomes memory.
const STACK_PER_TOKEN: usize = 512;

/// Line and column, both from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    pub line: u32,
    pub column: u32,
}

/// A token and its location.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its text; empty at the end of the script.
    pub text: String,
    pub location: Location,
}

/// A script, split into tokens.
pub struct Source {
    text: String,
    tokens: Vec<Token>,
    nests_as_lua: bool,
}

impl Location {
    /// The location of a parser's position.
    pub fn of_position(position: Position) -> Location {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Location { line: number(position.line()), column: number(position.character()) }
    }

    /// The location of a token of the tree.
    pub fn of_token(token: &TokenReference) -> Location {
        Location::of_position(token.token().start_position())
    }
}

impl Source {
    /// Accepts any bytes; those that are not UTF-8 become one character each.
    pub fn new(bytes: &[u8]) -> Source {
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        if text.starts_with('\u{feff}') {
            text.remove(0);
        }
        if text.starts_with('#') {
            // As Lua's loader does with a script's first line.
            text.replace_range(..text.find('\n').unwrap_or(text.len()), "");
        }
        let read = caught(|| Lexer::new(&text, LuaVersion::lua54()).collect());
        let Some(LexerResult::Ok(all) | LexerResult::Recovered(all, _)) = read else {
            return Source { text, tokens: Vec::new(), nests_as_lua: false };
        };
        let mut nesting = Nesting { open: vec![0], operators: 0, most: 0 };
        let mut tokens = Vec::new();
        for token in all.iter().filter(|token| !token.token_type().is_trivia()) {
            nesting.add(token.token_type());
            tokens.push(Token { text: token.to_string(), location: Location::of_position(token.start_position()) });
        }
        Source { text, tokens, nests_as_lua: nesting.most <= MOST_NESTED }
    }

    /// Every token except white space and comments; the last one marks the end.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The result of `look` for the tree, and for whether the tree contains the whole script. `None` if there is no
    /// tree.
    pub fn tree<T: Send>(&self, look: impl FnOnce(&Ast, bool) -> T + Send) -> Option<T> {
        if !self.nests_as_lua {
            return None;
        }
        let work = || {
            caught(|| {
                let parsed = full_moon::parse_fallible(&self.text, LuaVersion::lua54());
                look(parsed.ast(), parsed.errors().is_empty())
            })
        };
        let stack = STACK + STACK_PER_TOKEN * self.tokens.len();
        thread::scope(|scope| thread::Builder::new().stack_size(stack).spawn_scoped(scope, work).ok()?.join().ok()?)
    }
}

/// The nesting of a script by its tokens: never less than that of a parser that recurses for each level.
struct Nesting {
    /// For each open bracket or block: the operators since the last token that certainly ends an expression. Each may
    /// be a level.
    open: Vec<u32>,
    operators: u32,
    most: u32,
}

impl Nesting {
    fn add(&mut self, token: &TokenType) {
        let TokenType::Symbol { symbol } = token else { return };
        match symbol {
            // Operators that nest to the right, or that precede their operand.
            Symbol::TwoDots | Symbol::Caret | Symbol::Minus | Symbol::Not | Symbol::Hash | Symbol::Tilde => {
                self.operators += 1;
                if let Some(open) = self.open.last_mut() {
                    *open += 1;
                }
            }
            Symbol::RightParen | Symbol::RightBrace | Symbol::RightBracket | Symbol::End | Symbol::Until => {
                self.settle();
                if self.open.len() > 1 {
                    self.open.pop();
                }
            }
            Symbol::Comma | Symbol::Semicolon | Symbol::Equal | Symbol::Local | Symbol::Return | Symbol::Then => {
                self.settle();
            }
            _ => {}
        }
        match symbol {
            Symbol::LeftParen | Symbol::LeftBrace | Symbol::LeftBracket => self.open.push(0),
            Symbol::Function | Symbol::If | Symbol::Do | Symbol::Repeat => self.open.push(0),
            _ => {}
        }
        let depth = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        self.most = self.most.max(depth.saturating_add(self.operators.saturating_sub(MOST_OPERATORS)));
    }

    fn settle(&mut self) {
        if let Some(open) = self.open.last_mut() {
            self.operators -= *open;
            *open = 0;
        }
    }
}

/// The operators of one expression that cost no level of nesting, because many ordinary scripts subtract more often
/// than they nest.
const MOST_OPERATORS: u32 = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        Source::new(source.as_bytes()).tokens().iter().map(|token| token.text.clone()).collect()
    }

    #[test]
    fn tokens_are_those_of_lua() {
        assert_eq!(texts("a.b..c...d"), ["a", ".", "b", "..", "c", "...", "d", ""]);
        assert_eq!(texts("x=0x1p-2+1e+5-.5"), ["x", "=", "0x1p-2", "+", "1e+5", "-", ".5", ""]);
        assert_eq!(texts("a//b<<c~=d::e::"), ["a", "//", "b", "<<", "c", "~=", "d", "::", "e", "::", ""]);
        assert_eq!(texts("'a\\'b' \"\\z  \n c\" [==[x]]]==]"), ["'a\\'b'", "\"\\z  \n c\"", "[==[x]]]==]", ""]);
        assert_eq!(texts("#!/usr/bin/lua\na --b\n--[[c\nd]] e --[=[f]=]"), ["a", "e", ""]);
    }

    #[test]
    fn places_are_lines_and_characters() {
        let source = Source::new("é = 'ä' -- ü\n  b".as_bytes());
        let locations: Vec<(u32, u32)> = source.tokens().iter().map(|t| (t.location.line, t.location.column)).collect();
        assert_eq!(locations.last(), Some(&(2, 4)));
        assert!(locations.contains(&(2, 3)) && locations.contains(&(1, 5)), "{locations:?}");
    }

    #[test]
    fn what_the_parser_panics_at_has_no_tokens() {
        for source in ["`", "x = `a`", "x = `{", "`\u{0}", "return `a{b}c`"] {
            let source = Source::new(source.as_bytes());
            let _ = source.tree(|_, _| ());
        }
        assert_eq!(texts("\u{feff}#!lua\na"), ["a", ""]);
    }

    #[test]
    fn what_nests_deeper_than_lua_lets_it_has_no_tree() {
        let has_tree = |source: &str| Source::new(source.as_bytes()).tree(|_, _| ()).is_some();
        for (open, close) in [("(", ")"), ("{", "}"), ("f(", ")"), ("function() ", " end"), ("- ", ""), ("not ", "")] {
            let nested = |n: usize| format!("x = {}1{}", open.repeat(n), close.repeat(n));
            assert!(has_tree(&nested(150)), "{open}");
            assert!(!has_tree(&nested(5_000)), "{open}");
        }
        assert!(!has_tree(&format!("x = {} 1", "1 .. ".repeat(5_000))));
        assert!(!has_tree(&"do ".repeat(5_000)));
    }

    #[test]
    fn long_is_not_deep() {
        let operands = 100_000;
        let source = format!("x = {} 1", "1 + ".repeat(operands));
        assert_eq!(Source::new(source.as_bytes()).tree(|_, whole| whole), Some(true));
        let lines = "x = -1 - -1 .. 'a' ^ #y f(-x, -(-y))\n".repeat(3_000);
        assert_eq!(Source::new(lines.as_bytes()).tree(|_, whole| whole), Some(true));
    }
}

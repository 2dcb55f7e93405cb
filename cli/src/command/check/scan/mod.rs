//! What a script does with names, as far as its text tells: which globals it reads and sets, which fields of what it
//! uses, where its functions are.
//!
//! ```text
//! mod.rs         what is found, and how it is noted
//! statement.rs   blocks, functions, assignments: what opens scopes and sets names
//! expression.rs  what reads names
//! ```
//!
//! One pass over the tokens, without a tree: expressions are read flat, as precedence does not matter here, so only
//! brackets, functions and blocks nest. Lua has loaded the script before, and lets nothing nest deeper than 200.

mod expression;
mod statement;

use std::collections::{HashMap, HashSet};

use super::lexer::{Kind, Place, Token, tokens};

/// Deeper than anything that Lua loads.
const MOST_NESTED: u32 = 250;

/// What was found.
#[derive(Debug, Default)]
pub struct Scan {
    /// Global names that are read.
    pub reads: Vec<(String, Place)>,
    /// Global names that are set anywhere.
    pub sets: HashSet<String>,
    /// Functions under global names, with the locals that are their parameters.
    pub functions: Vec<Function>,
    /// Uses of fields.
    pub accesses: Vec<Access>,
    pub locals: Vec<Local>,
    /// The script handles its table of globals as a value: nothing is known of globals then.
    pub globals_escape: bool,
}

/// A function under a global name.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub place: Place,
    pub parameters: Vec<usize>,
}

/// A local variable.
#[derive(Debug, Default)]
pub struct Local {
    /// It gets another value after its first one.
    pub reassigned: bool,
    /// What it is another name of.
    pub alias: Option<Path>,
}

/// `base.field`, read, set or called as a method.
#[derive(Debug)]
pub struct Access {
    pub base: Path,
    pub field: String,
    pub place: Place,
    pub set: bool,
}

/// A variable and fields of fields of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub root: Root,
    pub fields: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    Global(String),
    /// Position in [`Scan::locals`].
    Local(usize),
}

/// Scans a script that Lua has loaded.
pub fn scan(source: &[u8]) -> Scan {
    let mut scanner =
        Scanner { tokens: tokens(source), at: 0, scopes: vec![HashMap::new()], nested: 0, scan: Scan::default() };
    while !scanner.ended() {
        scanner.block();
        // A word that closes nothing: not a script that Lua loads, but the end is always reached.
        scanner.at += 1;
    }
    scanner.scan
}

/// An expression that may be assigned to; whether it is read or set is known only after it.
enum Suffixed {
    Variable(Root, Place),
    Field { base: Option<Path>, field: String, place: Place },
    Other,
}

struct Scanner<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    scopes: Vec<HashMap<String, usize>>,
    nested: u32,
    scan: Scan,
}

impl<'a> Scanner<'a> {
    fn token(&self) -> Token<'a> {
        // There is an end, and nothing goes past it.
        self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn ended(&self) -> bool {
        self.token().kind == Kind::End
    }

    fn is(&self, text: &str) -> bool {
        self.token().is(text)
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.token();
        self.at += 1;
        token
    }

    fn accept(&mut self, text: &str) -> bool {
        let found = self.is(text);
        self.at += usize::from(found);
        found
    }

    fn name(&mut self) -> Option<(String, Place)> {
        let token = self.token();
        if token.kind != Kind::Name {
            return None;
        }
        self.at += 1;
        Some((token.word()?, token.place))
    }

    fn declare(&mut self, name: String, local: Local) -> usize {
        self.scan.locals.push(local);
        let id = self.scan.locals.len() - 1;
        if name == "_ENV" {
            self.scan.globals_escape = true;
        }
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, id);
        }
        id
    }

    fn resolve(&self, name: String) -> Root {
        let known = self.scopes.iter().rev().find_map(|scope| scope.get(&name));
        known.map_or(Root::Global(name), |id| Root::Local(*id))
    }

    fn scoped(&mut self, work: impl FnOnce(&mut Self)) {
        if self.nested >= MOST_NESTED {
            self.at = self.tokens.len();
            return;
        }
        self.nested += 1;
        self.scopes.push(HashMap::new());
        work(self);
        self.scopes.pop();
        self.nested -= 1;
    }

    /// Bounds how deep brackets nest.
    fn nest(&mut self, work: impl FnOnce(&mut Self)) {
        if self.nested >= MOST_NESTED {
            self.at = self.tokens.len();
            return;
        }
        self.nested += 1;
        work(self);
        self.nested -= 1;
    }

    /// The expression is read: notes it, and answers with its path.
    fn read(&mut self, suffixed: Suffixed) -> Option<Path> {
        match suffixed {
            Suffixed::Variable(root, place) => {
                if let Root::Global(name) = &root {
                    // `_G.name` is a name; the table of globals as a value is anything.
                    self.scan.globals_escape |= name == "_ENV" || (name == "_G" && !self.after_dot());
                    self.scan.reads.push((name.clone(), place));
                }
                Some(Path { root, fields: Vec::new() })
            }
            Suffixed::Field { base: Some(base), field, place } => {
                let mut path = base.clone();
                path.fields.push(field.clone());
                self.scan.accesses.push(Access { base, field, place, set: false });
                Some(path)
            }
            Suffixed::Field { base: None, .. } | Suffixed::Other => None,
        }
    }

    /// Whether the token before this one is a dot or a bracket: the variable in front of it was read for a field.
    fn after_dot(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|token| token.is(".")) || self.token().kind == Kind::String
    }

    /// The expression is set: notes it.
    fn set(&mut self, suffixed: Suffixed) {
        match suffixed {
            Suffixed::Variable(Root::Global(name), _) => {
                self.scan.sets.insert(name);
            }
            Suffixed::Variable(Root::Local(id), _) => self.scan.locals[id].reassigned = true,
            Suffixed::Field { base: Some(base), field, place } => {
                if base.fields.is_empty() && base.root == Root::Global("_G".to_owned()) {
                    self.scan.sets.insert(field.clone());
                }
                self.scan.accesses.push(Access { base, field, place, set: true });
            }
            Suffixed::Field { base: None, .. } | Suffixed::Other => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(source: &str) -> Vec<String> {
        scan(source.as_bytes()).reads.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn locals_hide_globals_where_they_are_in_scope() {
        assert_eq!(reads("local a = a; do local b = a end return b"), ["a", "b"]);
        assert_eq!(reads("local function f(x) return f(x, y) end"), ["y"]);
        assert_eq!(reads("for i, v in pairs(t) do g(i, v) end return i"), ["pairs", "t", "g", "i"]);
        assert_eq!(reads("repeat local x = 1 until x > z"), ["z"]);
        assert_eq!(reads("if a then local c = 1 elseif b then return c else return d end"), ["a", "b", "c", "d"]);
        assert_eq!(reads("local t = { a = b, [c] = d, e; f }"), ["b", "c", "d", "e", "f"]);
        assert_eq!(reads("goto done; ::done:: x = y"), ["y"]);
        assert_eq!(reads("f'x' g{h} i[[y]] (j):k(l)"), ["f", "g", "h", "i", "j", "l"]);
        assert_eq!(reads("local a <const>, b <close> = c, d return -a .. #b ^ e"), ["c", "d", "e"]);
    }

    #[test]
    fn what_is_set_is_told_from_what_is_read() {
        let found = scan(b"a, b.c, d[1] = e, f function g.h:i() end function j() end _G.k = 1 l = function(m) end");
        let mut sets: Vec<&str> = found.sets.iter().map(String::as_str).collect();
        sets.sort_unstable();
        assert_eq!(sets, ["a", "j", "k", "l"]);
        let functions: Vec<(&str, usize)> =
            found.functions.iter().map(|f| (f.name.as_str(), f.parameters.len())).collect();
        assert_eq!(functions, [("j", 0), ("l", 1)]);
        assert!(!found.globals_escape);
        for source in ["setmetatable(_G, {})", "local _ENV = {}", "_ENV.x = 1", "_G[name] = 1", "local g = _G"] {
            assert!(scan(source.as_bytes()).globals_escape, "{source}");
        }
    }

    #[test]
    fn fields_have_their_paths() {
        let found = scan(b"function f(p) local t = p.timers; t.hold = t['keep'].x; p = nil; return (p.q):r() end");
        let accesses: Vec<(usize, &str, bool)> =
            found.accesses.iter().map(|access| (access.base.fields.len(), access.field.as_str(), access.set)).collect();
        assert_eq!(
            accesses,
            [(0, "timers", false), (0, "keep", false), (1, "x", false), (0, "hold", true), (0, "q", false)]
        );
        assert!(found.locals[0].reassigned);
        assert_eq!(found.locals[1].alias.as_ref().map(|path| path.fields.clone()), Some(vec!["timers".to_owned()]));
    }

    #[test]
    fn anything_ends() {
        let deep = "(".repeat(5_000);
        let tables = "{".repeat(5_000);
        let functions = "function f() ".repeat(5_000);
        for source in [
            "end end", "= = )", "local", "for", "function", "f(", "a.", "a[", "{", "::", "if if", &deep, &tables,
            &functions,
        ] {
            scan(source.as_bytes());
        }
    }
}

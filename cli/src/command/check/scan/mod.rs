//! A static scan of a script: which globals it reads and sets, which fields it uses, where its functions are and what
//! they return.
//!
//! ```text
//! found.rs       the results
//! mod.rs         how they are noted
//! statement.rs   blocks, functions, assignments, which open scopes and set names
//! expression.rs  expressions, which read names
//! literal.rs     literal values
//! ```

mod expression;
mod found;
mod literal;
mod statement;

use std::collections::HashMap;

pub use self::found::{
    Access, Called, Comparison, Element, Expr, Function, Key, Literal, Local, Operator, Path, Root, Scan,
};
use super::source::{Location, Source};

/// Scans a script. If the parser cannot read it completely, only the functions are reliable: globals are then marked as
/// escaping.
pub fn scan(source: &Source) -> Scan {
    let scanned = source.tree(|tree, whole| {
        let mut scanner = Scanner { scopes: vec![HashMap::new()], returns: Vec::new(), scan: Scan::default() };
        scanner.block(tree.nodes());
        scanner.scan.whole = whole;
        if !whole {
            scanner.scan.globals_escape = true;
            scanner.scan.accesses.clear();
            scanner.scan.elements.clear();
            scanner.scan.calls.clear();
            scanner.scan.comparisons.clear();
            scanner.scan.functions.iter_mut().for_each(|function| function.returns.clear());
        }
        scanner.scan
    });
    scanned.unwrap_or_else(|| Scan { globals_escape: true, ..Scan::default() })
}

/// An expression that may be assigned to; whether it is read or set is known only after it.
enum Suffixed {
    Variable(Root, Location),
    Field { base: Option<Path>, field: String, location: Location },
    Element { base: Option<Path>, index: Expr },
    Other,
}

impl Suffixed {
    /// The location of its last name.
    fn location(&self) -> Option<Location> {
        match self {
            Suffixed::Variable(_, location) | Suffixed::Field { location, .. } => Some(*location),
            Suffixed::Element { .. } | Suffixed::Other => None,
        }
    }
}

struct Scanner {
    scopes: Vec<HashMap<String, usize>>,
    /// The returned values of each open function.
    returns: Vec<Vec<Expr>>,
    scan: Scan,
}

impl Scanner {
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
        self.scopes.push(HashMap::new());
        work(self);
        self.scopes.pop();
    }

    /// The expression is read for its value: notes it, and returns its path.
    fn read(&mut self, suffixed: Suffixed) -> Option<Path> {
        if let Suffixed::Variable(Root::Global(name), _) = &suffixed {
            self.scan.globals_escape |= name == "_ENV" || name == "_G";
        }
        if let Suffixed::Variable(Root::Local(id), _) = &suffixed
            && let Some(local) = self.scan.locals.get_mut(*id)
        {
            local.reads += 1;
        }
        self.read_for_field(suffixed)
    }

    /// The expression is read for one of its fields: `_G.name` is a name, and the table of globals as a value may be
    /// anything.
    fn read_for_field(&mut self, suffixed: Suffixed) -> Option<Path> {
        match suffixed {
            Suffixed::Variable(root, location) => {
                if let Root::Global(name) = &root {
                    self.scan.globals_escape |= name == "_ENV";
                    self.scan.reads.push((name.clone(), location));
                }
                Some(Path { root, fields: Vec::new() })
            }
            Suffixed::Field { base: Some(base), field, location } => {
                let mut path = base.clone();
                path.fields.push(field.clone());
                self.scan.accesses.push(Access { base, field, location, set: false, value: None });
                Some(path)
            }
            Suffixed::Element { base, index } => {
                self.scan.elements.push(Element { base, index, set: false });
                None
            }
            Suffixed::Field { base: None, .. } | Suffixed::Other => None,
        }
    }

    /// The expression is set: notes that.
    fn set(&mut self, suffixed: Suffixed, value: Option<Expr>) {
        match suffixed {
            Suffixed::Variable(Root::Global(name), _) => {
                self.scan.sets.insert(name);
            }
            Suffixed::Variable(Root::Local(id), _) => {
                if let Some(local) = self.scan.locals.get_mut(id) {
                    local.reassigned = true;
                }
            }
            Suffixed::Field { base: Some(base), field, location } => {
                if base.fields.is_empty() && base.root == Root::Global("_G".to_owned()) {
                    self.scan.sets.insert(field.clone());
                }
                self.scan.accesses.push(Access { base, field, location, set: true, value });
            }
            Suffixed::Element { base, index } => self.scan.elements.push(Element { base, index, set: true }),
            Suffixed::Field { base: None, .. } | Suffixed::Other => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(source: &str) -> Scan {
        super::scan(&Source::new(source.as_bytes()))
    }

    fn reads(source: &str) -> Vec<String> {
        scan(source).reads.into_iter().map(|(name, _)| name).collect()
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
        assert_eq!(reads("for i = a, b, c do local i = i end"), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_set_is_told_from_what_is_read() {
        let found = scan("a, b.c, d[1] = e, f function g.h:i() end function j() end _G.k = 1 l = function(m) end");
        let mut sets: Vec<&str> = found.sets.iter().map(String::as_str).collect();
        sets.sort_unstable();
        assert_eq!(sets, ["a", "j", "k", "l"]);
        let functions: Vec<(&str, usize)> =
            found.functions.iter().map(|f| (f.name.as_str(), f.parameters.len())).collect();
        assert_eq!(functions, [("j", 0), ("l", 1)]);
        assert!(!found.globals_escape);
        assert!(!scan("x = _G.print, _G['print']").globals_escape);
        for source in ["setmetatable(_G, {})", "local _ENV = {}", "_ENV.x = 1", "_G[name] = 1", "local g = _G"] {
            assert!(scan(source).globals_escape, "{source}");
        }
    }

    #[test]
    fn fields_have_their_paths() {
        let found = scan("function f(p) local t = p.timers; t.hold = t['keep'].x; p = nil; return (p.q):r() end");
        let mut accesses: Vec<(usize, &str, bool)> =
            found.accesses.iter().map(|access| (access.base.fields.len(), access.field.as_str(), access.set)).collect();
        accesses.sort_unstable();
        assert_eq!(
            accesses,
            [(0, "hold", true), (0, "keep", false), (0, "q", false), (0, "timers", false), (1, "x", false)]
        );
        assert!(found.locals[0].reassigned);
        assert_eq!(found.locals[1].alias.as_ref().map(|path| path.fields.clone()), Some(vec!["timers".to_owned()]));
    }

    #[test]
    fn what_a_function_returns_is_its_own() {
        let found = scan("function f(a) if a then return 1 end g(function() return 2 end) return a, 3 end return 4");
        let returns: Vec<&Literal> = found.functions[0].returns.iter().map(|written| &written.literal).collect();
        assert!(matches!(returns[..], [Literal::Integer(1), Literal::Path(_)]), "{returns:?}");
    }

    #[test]
    fn anything_ends() {
        let deep = "(".repeat(5_000);
        let tables = "{".repeat(5_000);
        let functions = "function f() ".repeat(5_000);
        for source in [
            "end end", "= = )", "local", "for", "function", "f(", "a.", "a[", "{", "::", "if if", "'", "\"\\", "[[",
            "[==[ ]]", "--[[", "0x", "\\", "'a\nb'", "\u{0}", "[=", "#", "$", "\u{fffd}", "`", "`{`{", &deep, &tables,
            &functions,
        ] {
            scan(source);
        }
    }

    /// The parser accepts what Lua accepts: where the two differ, there are no warnings.
    #[test]
    fn golden_scripts_are_read_whole() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden");
        let mut folders = vec![folder];
        let mut read = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("the golden scripts") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "lua") && !path.ends_with("load/syntax.lua") {
                    let source = Source::new(&std::fs::read(&path).expect("a file"));
                    let whole = source.tree(|_, whole| whole);
                    read += 1;
                    assert_eq!(whole, Some(true), "{}", path.display());
                }
            }
        }
        assert!(read > 150, "the golden scripts are there: {read}");
    }
}

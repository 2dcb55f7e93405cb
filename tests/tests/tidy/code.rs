//! What of a Rust file says which modules it uses: the modules it declares, its imports, its paths.

/// The code of a file, as far as modules go.
#[derive(Debug, Default)]
pub struct Source {
    /// Modules declared here that have files of their own.
    pub children: Vec<String>,
    /// What `use` brings in, one name each.
    pub imports: Vec<Import>,
    /// Paths outside of `use` that start with `crate`, `super`, `self` or a child's name.
    pub paths: Vec<Path>,
    /// Types and constants in the code outside of `use`, and functions that are called there.
    words: Vec<String>,
}

/// One name that is imported.
#[derive(Debug)]
pub struct Import {
    /// The name here; `*` for everything.
    pub name: String,
    /// What it is elsewhere.
    pub names: Vec<String>,
    /// Whether others may import it from here.
    pub public: bool,
    /// The modules without a file that it stands in.
    pub inside: Vec<String>,
    /// Where it stands, from 1.
    pub line: usize,
}

/// One path.
#[derive(Debug)]
pub struct Path {
    /// Its parts.
    pub names: Vec<String>,
    /// The modules without a file that it stands in.
    pub inside: Vec<String>,
    /// Where it stands, from 1.
    pub line: usize,
}

impl Source {
    /// Of a file's text.
    pub fn of(text: &str) -> Source {
        Reader { tokens: tokens(&without_tests(&plain(text))), at: 0, inside: Vec::new(), source: Source::default() }
            .read()
    }

    /// What the name stands for here, if it is imported by name.
    pub fn import(&self, name: &str) -> Option<&Import> {
        self.imports.iter().find(|import| import.name == name)
    }

    /// Whether the code outside of `use` names the type or constant, or calls the function.
    pub fn uses(&self, word: &str) -> bool {
        self.words.iter().any(|known| known == word)
    }
}

/// The text with blanks in place of comments and literals, so that lines stay where they are.
pub fn plain(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at..] {
            ['/', '/', ..] => (at..chars.len()).find(|i| chars[*i] == '\n').unwrap_or(chars.len()),
            ['/', '*', ..] => end_of_comment(&chars, at),
            ['r', '"' | '#', ..] if !ends_word(&out) => end_of_raw(&chars, at).unwrap_or(at),
            ['"', ..] => end_of_string(&chars, at),
            ['\'', '\\', ..] => (at + 3..chars.len()).find(|i| chars[*i] == '\'').map_or(chars.len(), |i| i + 1),
            ['\'', _, '\'', ..] => at + 3,
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
            at = end;
        }
    }
    out
}

/// Whether what comes next would go on with a word. The `b` of `br"…"` is none.
fn ends_word(out: &str) -> bool {
    let word = out.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    !word.is_empty() && word != "b"
}

fn end_of_comment(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from + 2, 1);
    while at < chars.len() && depth > 0 {
        match chars[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    chars.len().min(at + 1)
}

/// The end of a raw string at `from`; `None` for a raw identifier.
fn end_of_raw(chars: &[char], from: usize) -> Option<usize> {
    let hashes = chars[from + 1..].iter().take_while(|c| **c == '#').count();
    let start = from + 1 + hashes;
    if chars.get(start) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| chars[*at] == '"' && chars[*at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    Some((start + 1..chars.len()).find(closes).map_or(chars.len(), |at| at + 1 + hashes))
}

/// The code with blanks in place of items that are compiled for tests alone.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    for attribute in ["#[cfg(test)]", "#[cfg(doctest)]"] {
        while let Some(from) = out.find(attribute) {
            let rest = &out[from + attribute.len()..];
            let mut depth = 0;
            let end = rest.char_indices().find(|(_, c)| {
                depth += i32::from("([{".contains(*c)) - i32::from(")]}".contains(*c));
                depth < 0 || (depth == 0 && matches!(c, ';' | '}'))
            });
            let end = from + attribute.len() + end.map_or(rest.len(), |(at, _)| at + usize::from(depth == 0));
            let blank: String = out[from..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
            out.replace_range(from..end, &blank);
        }
    }
    out
}

/// A word, `::`, or another character; and its line.
type Token = (String, usize);

fn tokens(code: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for (number, line) in (1..).zip(code.lines()) {
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            let mut token = c.to_string();
            if c.is_alphanumeric() || c == '_' {
                while let Some(next) = chars.next_if(|c| c.is_alphanumeric() || *c == '_') {
                    token.push(next);
                }
            } else if c == ':' && chars.next_if_eq(&':').is_some() {
                token.push(':');
            } else if c.is_whitespace() {
                continue;
            }
            tokens.push((token, number));
        }
    }
    tokens
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    /// Modules that were opened, each with how deep its braces are.
    inside: Vec<(String, usize)>,
    source: Source,
}

impl Reader {
    fn token(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |(token, _)| token.as_str())
    }

    fn before(&self, back: usize) -> &str {
        self.at.checked_sub(back).map_or("", |at| self.token(at))
    }

    fn read(mut self) -> Source {
        // Bare paths are told apart by the children's names, which may be declared below them.
        let declared = (0..self.tokens.len()).filter(|at| self.token(*at) == "mod" && self.token(at + 2) == ";");
        self.source.children = declared.map(|at| self.token(at + 1).to_owned()).collect();
        let mut depth = 0;
        while self.at < self.tokens.len() {
            match self.token(self.at) {
                "{" => depth += 1,
                "}" => {
                    depth = usize::saturating_sub(depth, 1);
                    self.inside.retain(|(_, opened)| *opened <= depth);
                }
                "mod" if self.token(self.at + 2) == "{" => {
                    self.inside.push((self.token(self.at + 1).to_owned(), depth + 1));
                    self.at += 1;
                }
                // Not the bound `use<'a>`.
                "use" if self.token(self.at + 1) != "<" => self.import(),
                _ => self.path(),
            }
            self.at += 1;
        }
        self.source
    }

    fn inside(&self) -> Vec<String> {
        self.inside.iter().map(|(name, _)| name.clone()).collect()
    }

    /// A `use`, up to its semicolon.
    fn import(&mut self) {
        let public = matches!(self.before(1), "pub" | ")");
        let line = self.tokens[self.at].1;
        self.at += 1;
        self.tree(&[], public, line);
        while self.at < self.tokens.len() && self.token(self.at) != ";" {
            self.at += 1;
        }
    }

    /// One branch of what is imported, whose path so far is `to`.
    fn tree(&mut self, to: &[String], public: bool, line: usize) {
        let mut names = to.to_vec();
        loop {
            match self.token(self.at) {
                "{" => {
                    self.at += 1;
                    while !matches!(self.token(self.at), "}" | "") {
                        self.tree(&names, public, line);
                        if self.token(self.at) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "::" => self.at += 1,
                "," | "}" | ";" | "" | "as" => break,
                name => {
                    names.push(name.to_owned());
                    self.at += 1;
                }
            }
        }
        // `a::{self}` is `a`.
        if names.len() > 1 && names.last().is_some_and(|last| last == "self") {
            names.pop();
        }
        let mut name = names.last().cloned().unwrap_or_default();
        if self.token(self.at) == "as" {
            name = self.token(self.at + 1).to_owned();
            self.at += 2;
        }
        // Everything of a module: the module is what is used.
        if names.last().is_some_and(|last| last == "*") {
            names.pop();
        }
        self.source.imports.push(Import { name, names, public, inside: self.inside(), line });
    }

    /// A path, if one starts here; else a word or a sign.
    fn path(&mut self) {
        let first = self.token(self.at).to_owned();
        if !first.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return;
        }
        let starts = matches!(first.as_str(), "crate" | "super" | "self") || self.source.children.contains(&first);
        // `pub(in …)` says who may use something, and uses nothing.
        let visibility = self.before(1) == "in" && self.before(2) == "(";
        // A function is used where it is called; a parameter or a field of its name is something else.
        let is_type = first.starts_with(char::is_uppercase);
        let is_called = matches!(self.token(self.at + 1), "(" | "::" | "!") && !matches!(self.before(1), "." | "fn");
        if is_type || is_called {
            self.source.words.push(first.clone());
        }
        if self.before(1) == "::" || !starts {
            return;
        }
        let line = self.tokens[self.at].1;
        let mut names = vec![first];
        while self.token(self.at + 1) == "::"
            && self.token(self.at + 2).starts_with(|c: char| c.is_alphabetic() || c == '_')
        {
            names.push(self.token(self.at + 2).to_owned());
            self.at += 2;
        }
        if names.len() > 1 && !visibility {
            self.source.paths.push(Path { names, inside: self.inside(), line });
        }
    }
}

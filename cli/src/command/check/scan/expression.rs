//! Expressions, read flat.

use super::super::lexer::Kind;
use super::{Path, Root, Scanner, Suffixed};

impl Scanner<'_> {
    pub(super) fn expressions(&mut self) -> Vec<Option<Path>> {
        let mut paths = vec![self.expression()];
        while self.accept(",") {
            paths.push(self.expression());
        }
        paths
    }

    /// A whole expression; the path that it is, if it is nothing else.
    pub(super) fn expression(&mut self) -> Option<Path> {
        let first = self.operand();
        let alone = !self.operators();
        first.filter(|_| alone)
    }

    /// Operators and their right operands, if there are any.
    pub(super) fn operators(&mut self) -> bool {
        const BINARY: [&str; 21] = [
            "+", "-", "*", "/", "//", "^", "%", "&", "~", "|", ">>", "<<", "..", "<", "<=", ">", ">=", "==", "~=",
            "and", "or",
        ];
        let mut any = false;
        while BINARY.iter().any(|operator| self.is(operator)) {
            self.at += 1;
            any = true;
            self.operand();
        }
        any
    }

    fn operand(&mut self) -> Option<Path> {
        let mut changed = false;
        while ["not", "-", "#", "~"].iter().any(|operator| self.is(operator)) {
            self.at += 1;
            changed = true;
        }
        if self.accept("function") {
            self.function_body(false);
            return None;
        }
        if self.is("{") {
            self.table();
            return None;
        }
        let simple = ["nil", "true", "false", "..."].iter().any(|word| self.is(word))
            || matches!(self.token().kind, Kind::Number | Kind::String | Kind::LongString);
        if simple {
            self.at += 1;
            return None;
        }
        let suffixed = self.suffixed();
        self.read(suffixed).filter(|_| !changed)
    }

    /// A variable or an expression in parentheses, and what follows it: fields, indices, calls.
    pub(super) fn suffixed(&mut self) -> Suffixed {
        let mut so_far = if self.accept("(") {
            self.nest(|scanner| {
                scanner.expression();
            });
            self.accept(")");
            Suffixed::Other
        } else if let Some((name, place)) = self.name() {
            Suffixed::Variable(self.resolve(name), place)
        } else {
            return Suffixed::Other;
        };
        loop {
            let token = self.token();
            if self.accept(".") {
                let base = self.read(so_far);
                let Some((field, place)) = self.name() else { return Suffixed::Other };
                so_far = Suffixed::Field { base, field, place };
            } else if self.accept("[") {
                so_far = self.index(so_far);
            } else if self.accept(":") {
                let base = self.read(so_far);
                if let Some((field, place)) = self.name() {
                    self.read(Suffixed::Field { base, field, place });
                }
                self.arguments();
                so_far = Suffixed::Other;
            } else if token.is("(") || token.is("{") || matches!(token.kind, Kind::String | Kind::LongString) {
                self.read(so_far);
                self.arguments();
                so_far = Suffixed::Other;
            } else {
                return so_far;
            }
        }
    }

    /// `[…]`, after its bracket: a field where the index is a string.
    fn index(&mut self, of: Suffixed) -> Suffixed {
        let token = self.token();
        let is_field = token.kind == Kind::String && self.tokens.get(self.at + 1).is_some_and(|next| next.is("]"));
        if let (true, Some(field)) = (is_field, token.word()) {
            let base = self.read(of);
            self.at += 2;
            return Suffixed::Field { base, field, place: token.place };
        }
        if let Suffixed::Variable(Root::Global(name), _) = &of
            && name == "_G"
        {
            self.scan.globals_escape = true;
        }
        self.read(of);
        self.nest(|scanner| {
            scanner.expression();
        });
        self.accept("]");
        Suffixed::Other
    }

    fn arguments(&mut self) {
        if self.accept("(") {
            self.nest(|scanner| {
                if !scanner.is(")") {
                    scanner.expressions();
                }
            });
            self.accept(")");
        } else if self.is("{") {
            self.table();
        } else if matches!(self.token().kind, Kind::String | Kind::LongString) {
            self.at += 1;
        }
    }

    fn table(&mut self) {
        self.at += 1;
        self.nest(|scanner| {
            while !scanner.ended() && !scanner.is("}") {
                let before = scanner.at;
                if scanner.accept("[") {
                    scanner.expression();
                    scanner.accept("]");
                    scanner.accept("=");
                } else if scanner.token().kind == Kind::Name
                    && scanner.tokens.get(scanner.at + 1).is_some_and(|next| next.is("="))
                {
                    scanner.at += 2;
                }
                scanner.expression();
                if !scanner.accept(",") {
                    scanner.accept(";");
                }
                if scanner.at == before {
                    scanner.take();
                }
            }
        });
        self.accept("}");
    }
}

//! Statements: blocks, functions, assignments.

use super::super::lexer::Kind;
use super::{Function, Local, Root, Scanner, Suffixed};

impl Scanner<'_> {
    pub(super) fn block(&mut self) {
        while !self.ended() && !["end", "else", "elseif", "until"].iter().any(|word| self.is(word)) {
            self.statement();
        }
    }

    fn block_to_end(&mut self) {
        self.scoped(Self::block);
        self.accept("end");
    }

    fn statement(&mut self) {
        let token = self.token();
        let word = if token.kind == Kind::Keyword { token.text } else { b"" };
        match word {
            b"if" => self.if_statement(),
            b"while" => {
                self.at += 1;
                self.expression();
                self.accept("do");
                self.block_to_end();
            }
            b"do" => {
                self.at += 1;
                self.block_to_end();
            }
            b"for" => self.for_statement(),
            b"repeat" => {
                self.at += 1;
                // What follows `until` sees the block's locals.
                self.scoped(|scanner| {
                    scanner.block();
                    scanner.accept("until");
                    scanner.expression();
                });
            }
            b"function" => self.function_statement(),
            b"local" => self.local_statement(),
            b"return" => {
                self.at += 1;
                let ends = ["end", "else", "elseif", "until", ";"].iter().any(|word| self.is(word));
                if !ends && !self.ended() {
                    self.expressions();
                }
            }
            b"goto" => self.at += 2,
            b"break" => self.at += 1,
            _ if self.accept(";") => {}
            _ if self.accept("::") => {
                self.at += 1;
                self.accept("::");
            }
            _ => self.expression_statement(),
        }
    }

    fn if_statement(&mut self) {
        while self.accept("if") || self.accept("elseif") {
            self.expression();
            self.accept("then");
            self.scoped(Self::block);
        }
        if self.accept("else") {
            self.scoped(Self::block);
        }
        self.accept("end");
    }

    fn for_statement(&mut self) {
        self.at += 1;
        let mut names: Vec<String> = self.name().map(|(name, _)| name).into_iter().collect();
        while self.accept(",") {
            names.extend(self.name().map(|(name, _)| name));
        }
        if !self.accept("=") {
            self.accept("in");
        }
        self.expressions();
        self.accept("do");
        self.scoped(|scanner| {
            for name in names {
                scanner.declare(name, Local::default());
            }
            scanner.block();
        });
        self.accept("end");
    }

    /// `function a.b:c() … end`
    fn function_statement(&mut self) {
        self.at += 1;
        let Some((name, place)) = self.name() else { return };
        let root = self.resolve(name);
        let mut target = Suffixed::Variable(root, place);
        let mut method = false;
        while !method && (self.is(".") || self.is(":")) {
            method = self.is(":");
            self.at += 1;
            let base = self.read(target);
            let Some((field, place)) = self.name() else { return };
            target = Suffixed::Field { base, field, place };
        }
        let name = match &target {
            Suffixed::Variable(Root::Global(name), place) => Some((name.clone(), *place)),
            _ => None,
        };
        self.set(target);
        let parameters = self.function_body(method);
        if let Some((name, place)) = name {
            self.scan.functions.push(Function { name, place, parameters });
        }
    }

    /// From the parameters to the end; answers with the parameters' locals.
    pub(super) fn function_body(&mut self, method: bool) -> Vec<usize> {
        let mut parameters = Vec::new();
        self.scoped(|scanner| {
            if method {
                parameters.push(scanner.declare("self".to_owned(), Local::default()));
            }
            scanner.accept("(");
            while let Some((name, _)) = scanner.name() {
                parameters.push(scanner.declare(name, Local::default()));
                scanner.accept(",");
            }
            scanner.accept("...");
            scanner.accept(")");
            scanner.block();
        });
        self.accept("end");
        parameters
    }

    fn local_statement(&mut self) {
        self.at += 1;
        if self.accept("function") {
            if let Some((name, _)) = self.name() {
                self.declare(name, Local::default());
            }
            self.function_body(false);
            return;
        }
        let mut names = Vec::new();
        while let Some((name, _)) = self.name() {
            names.push(name);
            if self.accept("<") {
                self.at += 1;
                self.accept(">");
            }
            if !self.accept(",") {
                break;
            }
        }
        let mut values = if self.accept("=") { self.expressions() } else { Vec::new() }.into_iter();
        for name in names {
            let alias = values.next().flatten();
            self.declare(name, Local { reassigned: false, alias });
        }
    }

    /// An assignment or a call.
    fn expression_statement(&mut self) {
        let before = self.at;
        let mut targets = vec![self.suffixed()];
        while self.accept(",") {
            targets.push(self.suffixed());
        }
        if self.accept("=") {
            // `name = function … end` is as good a definition as the statement.
            let defined = match (&targets[..], self.is("function")) {
                ([Suffixed::Variable(Root::Global(name), place)], true) => Some((name.clone(), *place)),
                _ => None,
            };
            if let Some((name, place)) = defined {
                self.at += 1;
                let parameters = self.function_body(false);
                self.scan.functions.push(Function { name, place, parameters });
                self.operators();
            } else {
                self.expressions();
            }
            for target in targets {
                self.set(target);
            }
        } else {
            for target in targets {
                self.read(target);
            }
        }
        if self.at == before {
            // Nothing that begins an expression: not a script that Lua loads, but it goes on.
            self.at += 1;
        }
    }
}

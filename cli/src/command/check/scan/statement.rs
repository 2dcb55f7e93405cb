//! Statements: blocks, functions, assignments.

use full_moon::ast::{
    Assignment, Block, Expression, FunctionBody, FunctionDeclaration, GenericFor, If, LastStmt, LocalAssignment,
    NumericFor, Parameter, Stmt, Var,
};

use super::literal::text_of;
use super::{Expr, Function, Literal, Local, Location, Path, Root, Scanner, Suffixed};

impl Scanner {
    pub(super) fn block(&mut self, block: &Block) {
        for statement in block.stmts() {
            self.statement(statement);
        }
        if let Some(LastStmt::Return(last)) = block.last_stmt() {
            let nothing = || Expr { literal: Literal::Nil, location: Location::of_token(last.token()) };
            let first = last.returns().iter().next().map_or_else(nothing, |first| self.written(first));
            if let Some(returns) = self.returns.last_mut() {
                returns.push(first);
            }
            for value in last.returns() {
                let path = self.expression(value);
                // Returning a local is not a use that changes it.
                if let (Some(Path { root: Root::Local(id), fields }), Expression::Var(_)) = (path, value)
                    && fields.is_empty()
                    && let Some(local) = self.scan.locals.get_mut(id)
                {
                    local.reads -= 1;
                }
            }
        }
    }

    fn inner(&mut self, block: &Block) {
        self.scoped(|scanner| scanner.block(block));
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Assignment(assignment) => self.assignment(assignment),
            Stmt::Do(block) => self.inner(block.block()),
            Stmt::FunctionCall(call) => self.call(call.prefix(), call.suffixes()),
            Stmt::FunctionDeclaration(function) => self.function(function),
            Stmt::GenericFor(of) => self.generic_for(of),
            Stmt::If(of) => self.if_statement(of),
            Stmt::LocalAssignment(local) => self.local(local),
            Stmt::LocalFunction(function) => {
                self.declare(text_of(function.name()), Local::default());
                self.function_body(function.body(), false);
            }
            Stmt::NumericFor(of) => self.numeric_for(of),
            Stmt::Repeat(repeat) => {
                // The condition of `until` sees the block's locals.
                self.scoped(|scanner| {
                    scanner.block(repeat.block());
                    scanner.expression(repeat.until());
                });
            }
            Stmt::While(of) => {
                self.expression(of.condition());
                self.inner(of.block());
            }
            _ => {}
        }
    }

    fn if_statement(&mut self, of: &If) {
        self.expression(of.condition());
        self.inner(of.block());
        for other in of.else_if().into_iter().flatten() {
            self.expression(other.condition());
            self.inner(other.block());
        }
        if let Some(block) = of.else_block() {
            self.inner(block);
        }
    }

    fn numeric_for(&mut self, of: &NumericFor) {
        for bound in [Some(of.start()), Some(of.end()), of.step()].into_iter().flatten() {
            self.expression(bound);
        }
        self.scoped(|scanner| {
            scanner.declare(text_of(of.index_variable()), Local::default());
            scanner.block(of.block());
        });
    }

    fn generic_for(&mut self, of: &GenericFor) {
        for value in of.expressions() {
            self.expression(value);
        }
        self.scoped(|scanner| {
            for name in of.names() {
                scanner.declare(text_of(name), Local::default());
            }
            scanner.block(of.block());
        });
    }

    /// `function a.b:c() … end`
    fn function(&mut self, function: &FunctionDeclaration) {
        let mut names = function.name().names().iter();
        let Some(first) = names.next() else { return };
        let location = Location::of_token(first);
        let mut target = Suffixed::Variable(self.resolve(text_of(first)), location);
        for name in names.chain(function.name().method_name()) {
            let base = self.read_for_field(target);
            target = Suffixed::Field { base, field: text_of(name), location: Location::of_token(name) };
        }
        let name = match &target {
            Suffixed::Variable(Root::Global(name), location) => Some((name.clone(), *location)),
            _ => None,
        };
        self.set(target, None);
        let method = function.name().method_name().is_some();
        self.defined(name, function.body(), method);
    }

    /// A function, under a global name if it has one.
    fn defined(&mut self, name: Option<(String, Location)>, body: &FunctionBody, method: bool) {
        let (parameters, returns) = self.function_body(body, method);
        if let Some((name, location)) = name {
            self.scan.functions.push(Function { name, location, parameters, returns });
        }
    }

    /// From the parameters to the end; returns the parameters' locals and the returned values.
    pub(super) fn function_body(&mut self, body: &FunctionBody, method: bool) -> (Vec<usize>, Vec<Expr>) {
        let mut parameters = Vec::new();
        self.returns.push(Vec::new());
        self.scoped(|scanner| {
            if method {
                parameters.push(scanner.declare("self".to_owned(), Local::default()));
            }
            for parameter in body.parameters() {
                if let Parameter::Name(name) = parameter {
                    parameters.push(scanner.declare(text_of(name), Local::default()));
                }
            }
            scanner.block(body.block());
        });
        (parameters, self.returns.pop().unwrap_or_default())
    }

    fn local(&mut self, local: &LocalAssignment) {
        let mut values = Vec::new();
        for value in local.expressions() {
            let table = Some(self.written(value)).filter(|written| matches!(written.literal, Literal::Table { .. }));
            values.push((self.expression(value), table));
        }
        let mut values = values.into_iter();
        for name in local.names() {
            let (alias, table) = values.next().unwrap_or_default();
            self.declare(text_of(name), Local { alias, table, ..Local::default() });
        }
    }

    fn assignment(&mut self, assignment: &Assignment) {
        let variables: Vec<&Var> = assignment.variables().iter().collect();
        let values: Vec<&Expression> = assignment.expressions().iter().collect();
        // `name = function … end` defines a function too.
        if let ([Var::Name(name)], [Expression::Function(function)]) = (&variables[..], &values[..])
            && let Root::Global(global) = self.resolve(text_of(name))
        {
            let location = Location::of_token(name);
            self.defined(Some((global.clone(), location)), function.body(), false);
            self.set(Suffixed::Variable(Root::Global(global), location), None);
            return;
        }
        let targets: Vec<Suffixed> = variables.iter().map(|variable| self.variable(variable)).collect();
        let written: Vec<Expr> = values.iter().map(|value| self.written(value)).collect();
        for value in values {
            self.expression(value);
        }
        let mut written = written.into_iter();
        for target in targets {
            let value = written.next();
            self.set(target, value);
        }
    }
}

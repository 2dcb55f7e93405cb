//! Expressions, in which names are read.

use full_moon::ast::{BinOp, Call, Expression, Field, FunctionArgs, Index, Prefix, Suffix, TableConstructor, Var};

use super::literal::{text_of, word};
use super::{Called, Comparison, Element, Expr, Literal, Location, Operator, Path, Root, Scanner, Suffixed};

impl Scanner {
    /// Reads an expression; returns its path, if it is nothing else.
    pub(super) fn expression(&mut self, expression: &Expression) -> Option<Path> {
        if let Expression::Var(var) = expression {
            let suffixed = self.variable(var);
            return self.read(suffixed);
        }
        // Operands are read from left to right, without recursion for each operator.
        let mut operands = vec![expression];
        while let Some(operand) = operands.pop() {
            match operand {
                Expression::BinaryOperator { lhs, binop, rhs } => {
                    self.comparison(lhs, binop, rhs);
                    operands.extend([&**rhs, &**lhs]);
                }
                Expression::Parentheses { expression, .. } | Expression::UnaryOperator { expression, .. } => {
                    operands.push(expression);
                }
                Expression::Function(function) => {
                    self.function_body(function.body(), false);
                }
                Expression::FunctionCall(call) => self.call(call.prefix(), call.suffixes()),
                Expression::TableConstructor(table) => self.table(table),
                Expression::Var(var) => {
                    let suffixed = self.variable(var);
                    self.read(suffixed);
                }
                _ => {}
            }
        }
        None
    }

    /// Notes a comparison about which something is known.
    fn comparison(&mut self, left: &Expression, operator: &BinOp, right: &Expression) {
        let operator = match operator {
            BinOp::TwoEqual(_) => Operator::Equal,
            BinOp::TildeEqual(_) => Operator::Unequal,
            BinOp::LessThan(_) | BinOp::LessThanEqual(_) | BinOp::GreaterThan(_) | BinOp::GreaterThanEqual(_) => {
                Operator::Order
            }
            _ => return,
        };
        if let Some((left, right)) = self.known(left).zip(self.known(right)) {
            self.scan.comparisons.push(Comparison { left, operator, right });
        }
    }

    /// A variable; everything before its last field is read.
    pub(super) fn variable(&mut self, var: &Var) -> Suffixed {
        match var {
            Var::Name(name) => Suffixed::Variable(self.resolve(text_of(name)), Location::of_token(name)),
            Var::Expression(var) => self.suffixed(var.prefix(), var.suffixes()),
            _ => Suffixed::Other,
        }
    }

    pub(super) fn call<'a>(&mut self, prefix: &Prefix, suffixes: impl Iterator<Item = &'a Suffix>) {
        let called = self.suffixed(prefix, suffixes);
        self.read(called);
    }

    /// Fields, indices and calls after a variable or an expression in parentheses.
    fn suffixed<'a>(&mut self, prefix: &Prefix, suffixes: impl Iterator<Item = &'a Suffix>) -> Suffixed {
        let mut so_far = match prefix {
            Prefix::Name(name) => Suffixed::Variable(self.resolve(text_of(name)), Location::of_token(name)),
            Prefix::Expression(expression) => {
                self.expression(expression);
                Suffixed::Other
            }
            _ => Suffixed::Other,
        };
        for suffix in suffixes {
            so_far = match suffix {
                Suffix::Index(Index::Dot { name, .. }) => {
                    let base = self.read_for_field(so_far);
                    Suffixed::Field { base, field: text_of(name), location: Location::of_token(name) }
                }
                Suffix::Index(Index::Brackets { expression, .. }) => self.index(so_far, expression),
                Suffix::Call(Call::AnonymousCall(args)) => {
                    let location = so_far.location();
                    let function = self.read(so_far);
                    self.called(function, location, args);
                    self.arguments(args);
                    Suffixed::Other
                }
                Suffix::Call(Call::MethodCall(call)) => {
                    let base = self.read_for_field(so_far);
                    let (field, location) = (text_of(call.name()), Location::of_token(call.name()));
                    self.read(Suffixed::Field { base, field, location });
                    self.arguments(call.args());
                    Suffixed::Other
                }
                _ => Suffixed::Other,
            };
        }
        so_far
    }

    /// `[…]`: a field if the index is a string.
    fn index(&mut self, of: Suffixed, index: &Expression) -> Suffixed {
        if let Expression::String(token) = index
            && let Some(field) = word(token)
        {
            let base = self.read_for_field(of);
            return Suffixed::Field { base, field, location: Location::of_token(token) };
        }
        if let Suffixed::Variable(Root::Global(name), _) = &of
            && name == "_G"
        {
            self.scan.globals_escape = true;
        }
        let base = self.read_for_field(of);
        let index_of = self.written(index);
        self.expression(index);
        Suffixed::Element { base, index: index_of }
    }

    /// Notes a call of a global function or of a member of a global table.
    fn called(&mut self, function: Option<Path>, location: Option<Location>, args: &FunctionArgs) {
        let (Some(function), Some(location)) = (function.filter(|path| matches!(path.root, Root::Global(_))), location)
        else {
            return;
        };
        let arguments = match args {
            FunctionArgs::Parentheses { arguments, .. } => arguments.iter().map(|one| self.written(one)).collect(),
            FunctionArgs::String(token) => {
                let literal = word(token).map_or(Literal::Unknown, Literal::Text);
                vec![Expr { literal, location: Location::of_token(token) }]
            }
            _ => Vec::new(),
        };
        self.scan.calls.push(Called { function, arguments, location });
    }

    fn arguments(&mut self, args: &FunctionArgs) {
        match args {
            FunctionArgs::Parentheses { arguments, .. } => {
                for argument in arguments {
                    self.expression(argument);
                }
            }
            FunctionArgs::TableConstructor(table) => self.table(table),
            _ => {}
        }
    }

    fn table(&mut self, table: &TableConstructor) {
        for field in table.fields() {
            match field {
                Field::ExpressionKey { key, value, .. } => {
                    let index = self.written(key);
                    self.scan.elements.push(Element { base: None, index, set: true });
                    self.expression(key);
                    self.expression(value);
                }
                Field::NameKey { value, .. } => {
                    self.expression(value);
                }
                Field::NoKey(value) => {
                    self.expression(value);
                }
                _ => {}
            }
        }
    }
}

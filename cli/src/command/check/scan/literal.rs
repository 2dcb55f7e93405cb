//! Literal values in a script, which can be checked without running it.

use full_moon::ast::{Call, Expression, Field, Index, Prefix, Suffix, TableConstructor, UnOp, Var};
use full_moon::node::Node;
use full_moon::tokenizer::{StringLiteralQuoteType, Symbol, TokenReference, TokenType};

use super::{Expr, Key, Literal, Location, Path, Root, Scanner};

impl Scanner {
    /// The value of an expression, as far as it is literal. It notes nothing, because expressions are read elsewhere.
    pub(super) fn written(&self, expression: &Expression) -> Expr {
        let location = expression.start_position().map_or(Location { line: 1, column: 1 }, Location::of_position);
        Expr { literal: self.literal(expression), location }
    }

    fn literal(&self, expression: &Expression) -> Literal {
        match expression {
            Expression::Parentheses { expression, .. } => self.literal(expression),
            Expression::UnaryOperator { unop: UnOp::Minus(_), expression } => match self.literal(expression) {
                Literal::Integer(value) => Literal::Integer(value.wrapping_neg()),
                Literal::Float(value) => Literal::Float(-value),
                _ => Literal::Unknown,
            },
            Expression::UnaryOperator { unop: UnOp::Not(_), .. } => Literal::Boolean,
            Expression::Function(_) => Literal::Function,
            Expression::TableConstructor(table) => self.keys(table),
            Expression::Number(token) => number(&text_of(token)),
            Expression::String(token) => word(token).map_or(Literal::Unknown, Literal::Text),
            Expression::Symbol(token) => match token.token_type() {
                TokenType::Symbol { symbol: Symbol::Nil } => Literal::Nil,
                TokenType::Symbol { symbol: Symbol::True | Symbol::False } => Literal::Boolean,
                _ => Literal::Unknown,
            },
            Expression::Var(Var::Name(name)) => {
                Literal::Path(Path { root: self.resolve(text_of(name)), fields: Vec::new() })
            }
            Expression::Var(Var::Expression(var)) => {
                self.path(var.prefix(), var.suffixes()).map_or(Literal::Unknown, Literal::Path)
            }
            Expression::FunctionCall(call) => {
                let count = call.suffixes().count();
                let function = match call.suffixes().last() {
                    Some(Suffix::Call(Call::AnonymousCall(_))) => {
                        self.path(call.prefix(), call.suffixes().take(count - 1))
                    }
                    _ => None,
                };
                let function = function.filter(|path| matches!(path.root, Root::Global(_)));
                function.map_or(Literal::Unknown, Literal::Called)
            }
            _ => Literal::Unknown,
        }
    }

    /// The value of an expression, if anything is known about it.
    pub(super) fn known(&self, expression: &Expression) -> Option<Expr> {
        match self.literal(expression) {
            Literal::Unknown => None,
            _ => Some(self.written(expression)),
        }
    }

    /// A name, and names of fields behind it.
    fn path<'a>(&self, prefix: &Prefix, suffixes: impl Iterator<Item = &'a Suffix>) -> Option<Path> {
        let Prefix::Name(name) = prefix else { return None };
        let fields = suffixes.map(|suffix| match suffix {
            Suffix::Index(Index::Dot { name, .. }) => Some(text_of(name)),
            Suffix::Index(Index::Brackets { expression, .. }) => match &**expression {
                Expression::String(token) => word(token),
                _ => None,
            },
            _ => None,
        });
        let fields = fields.collect::<Option<Vec<String>>>()?;
        Some(Path { root: self.resolve(text_of(name)), fields })
    }

    fn keys(&self, table: &TableConstructor) -> Literal {
        let key = |field: &Field| -> Option<Key> {
            let (name, token, value) = match field {
                Field::NameKey { key, value, .. } => (text_of(key), key, value),
                Field::ExpressionKey { key, value, .. } => match &**key {
                    Expression::String(token) => (word(token)?, token, value),
                    _ => return None,
                },
                _ => return None,
            };
            Some(Key { name, location: Location::of_token(token), value: self.written(value) })
        };
        let (mut keys, mut items, mut whole) = (Vec::new(), Vec::new(), true);
        for field in table.fields() {
            match (key(field), field) {
                (Some(key), _) => keys.push(key),
                (None, Field::NoKey(value)) => items.push(self.written(value)),
                _ => whole = false,
            }
        }
        Literal::Table { keys, items, whole }
    }
}

/// A number as Lua reads it: decimal integers that do not fit are floats, hexadecimal ones wrap around.
fn number(text: &str) -> Literal {
    let lower = text.to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix("0x") {
        let value = digits
            .chars()
            .try_fold(0u64, |value, digit| Some(value.wrapping_mul(16).wrapping_add(u64::from(digit.to_digit(16)?))));
        // Hexadecimal floats are left to Lua.
        return value.map_or(Literal::Unknown, |value| Literal::Integer(value.cast_signed()));
    }
    match (lower.parse::<i64>(), lower.parse::<f64>()) {
        (Ok(value), _) => Literal::Integer(value),
        (_, Ok(value)) => Literal::Float(value),
        _ => Literal::Unknown,
    }
}

/// A token's text, without what surrounds it.
pub(super) fn text_of(token: &TokenReference) -> String {
    token.token().to_string()
}

/// The content of a short string without escapes.
pub(super) fn word(token: &TokenReference) -> Option<String> {
    match token.token_type() {
        TokenType::StringLiteral { literal, quote_type, .. }
            if *quote_type != StringLiteralQuoteType::Brackets && !literal.contains('\\') =>
        {
            Some(literal.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_lua() {
        assert!(matches!(number("10"), Literal::Integer(10)));
        assert!(matches!(number("0xFF"), Literal::Integer(255)));
        assert!(matches!(number("0xffffffffffffffff"), Literal::Integer(-1)));
        assert!(matches!(number("9223372036854775808"), Literal::Float(_)));
        assert!(matches!(number("1e3"), Literal::Float(value) if (value - 1e3).abs() < 1e-9));
        assert!(matches!(number("0x1p4"), Literal::Unknown));
    }
}

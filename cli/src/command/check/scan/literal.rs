//! Values that are written out in a script: what can be judged without running it.

use full_moon::ast::{Expression, Field, TableConstructor, UnOp};
use full_moon::node::Node;
use full_moon::tokenizer::{StringLiteralQuoteType, Symbol, TokenReference, TokenType};

use super::{Path, Place, Scanner, Suffixed};

/// A value and where it is written.
#[derive(Debug, Clone)]
pub struct Written {
    pub literal: Literal,
    pub place: Place,
}

/// A value as far as the text tells.
#[derive(Debug, Clone)]
pub enum Literal {
    Nil,
    Boolean,
    Integer(i64),
    Float(f64),
    Text(String),
    Function,
    /// The keys that are names, in order of writing.
    Table(Vec<Key>),
    /// Another name of something.
    Path(Path),
    /// For the script to know.
    Unknown,
}

/// An entry of a table under a name.
#[derive(Debug, Clone)]
pub struct Key {
    pub name: String,
    pub place: Place,
    pub value: Written,
}

impl Scanner {
    /// The value of an expression, as far as it is written out. Notes nothing: expressions are read elsewhere.
    pub(super) fn written(&self, expression: &Expression) -> Written {
        let place = expression.start_position().map_or(Place { line: 1, column: 1 }, Place::of_position);
        Written { literal: self.literal(expression), place }
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
            Expression::TableConstructor(table) => Literal::Table(self.keys(table)),
            Expression::Number(token) => number(&text_of(token)),
            Expression::String(token) => word(token).map_or(Literal::Unknown, Literal::Text),
            Expression::Symbol(token) => match token.token_type() {
                TokenType::Symbol { symbol: Symbol::Nil } => Literal::Nil,
                TokenType::Symbol { symbol: Symbol::True | Symbol::False } => Literal::Boolean,
                _ => Literal::Unknown,
            },
            Expression::Var(var) => match self.target(var) {
                Suffixed::Variable(root, _) => Literal::Path(Path { root, fields: Vec::new() }),
                _ => Literal::Unknown,
            },
            _ => Literal::Unknown,
        }
    }

    fn keys(&self, table: &TableConstructor) -> Vec<Key> {
        let key = |field: &Field| -> Option<Key> {
            let (name, token, value) = match field {
                Field::NameKey { key, value, .. } => (text_of(key), key, value),
                Field::ExpressionKey { key, value, .. } => match &**key {
                    Expression::String(token) => (word(token)?, token, value),
                    _ => return None,
                },
                _ => return None,
            };
            Some(Key { name, place: Place::of_token(token), value: self.written(value) })
        };
        table.fields().iter().filter_map(key).collect()
    }
}

/// A number as Lua reads it: whole ones that do not fit an integer are floats, hexadecimal ones wrap around.
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

/// A token as it is written, without what surrounds it.
pub(super) fn text_of(token: &TokenReference) -> String {
    token.token().to_string()
}

/// What is inside a short string without escapes.
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

//! The types that arguments and results are made of.

use std::fmt;
use std::sync::Arc;

use super::syntax::Syntax;

/// The most bytes of a string without a bound of its own.
pub const MAX_STRING: u32 = 64 * 1024;
/// The most elements of a list or map without a bound of its own.
pub const MAX_LIST: u32 = 4096;

/// The type of an argument, a result or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// A whole number within bounds, both included.
    Integer {
        /// The least value.
        min: i64,
        /// The greatest value.
        max: i64,
    },
    /// An IEEE 754 double. Scripts may give an integer where a float is expected.
    Float,
    /// Bytes, as Lua strings are.
    String {
        /// The most bytes.
        max: u32,
        /// Whether the bytes must be UTF-8.
        utf8: bool,
        /// The syntax of the text, if it has one.
        syntax: Option<&'static Syntax>,
    },
    /// An IPv4 or IPv6 address.
    Address,
    /// An IPv4 or IPv6 prefix.
    Prefix,
    /// One of a closed set of names, each with an integer.
    Enum(Arc<EnumType>),
    /// A value that may be absent (`nil`).
    Optional(Arc<Type>),
    /// Values of one type, numbered from 1 in scripts.
    List {
        /// The type of each element.
        element: Arc<Type>,
        /// The most elements.
        max: u32,
    },
    /// Values of one type under string keys.
    Map {
        /// The type of each value.
        value: Arc<Type>,
        /// The most items.
        max: u32,
    },
    /// Named fields.
    Record(Arc<RecordType>),
}

/// A closed set of names.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumType {
    /// The type's name, as error messages and listings show it.
    pub name: String,
    /// What it is about.
    pub doc: String,
    /// The names, in order of declaration.
    pub variants: Vec<Variant>,
}

/// One name of an [`EnumType`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The symbolic name that scripts read and may answer.
    pub name: String,
    /// The integer that scripts may answer instead.
    pub value: i64,
    /// What it means.
    pub doc: String,
}

/// Named fields, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordType {
    /// The type's name, as error messages and listings show it.
    pub name: String,
    /// What it is about.
    pub doc: String,
    /// The fields, in order of declaration.
    pub fields: Vec<Field>,
}

/// One field of a [`RecordType`].
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The field's name.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether a script may change it where the record is an `inout` argument.
    pub writable: bool,
    /// What it means.
    pub doc: String,
}

impl Type {
    /// Any `i64`.
    pub const INTEGER: Type = Type::Integer { min: i64::MIN, max: i64::MAX };

    /// An integer between `min` and `max`, both included.
    pub const fn integer(min: i64, max: i64) -> Type {
        Type::Integer { min, max }
    }

    /// The integers of an unsigned type of `bits` bits (for 64 bits: those that fit an `i64`).
    pub const fn unsigned(bits: u32) -> Type {
        Type::Integer { min: 0, max: if bits >= 64 { i64::MAX } else { (1 << bits) - 1 } }
    }

    /// Bytes, at most `max`.
    pub const fn bytes(max: u32) -> Type {
        Type::String { max, utf8: false, syntax: None }
    }

    /// UTF-8 text, at most `max` bytes.
    pub const fn text(max: u32) -> Type {
        Type::String { max, utf8: true, syntax: None }
    }

    /// Text of a syntax, at most `max` bytes.
    pub const fn written(syntax: &'static Syntax, max: u32) -> Type {
        Type::String { max, utf8: true, syntax: Some(syntax) }
    }

    /// A value that may be absent.
    pub fn optional(self) -> Type {
        Type::Optional(Arc::new(self))
    }

    /// At most `max` values of this type.
    pub fn list(self, max: u32) -> Type {
        Type::List { element: Arc::new(self), max }
    }

    /// At most `max` values of this type, under string keys.
    pub fn map(self, max: u32) -> Type {
        Type::Map { value: Arc::new(self), max }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Boolean => f.write_str("boolean"),
            Type::Integer { min: i64::MIN, max: i64::MAX } => f.write_str("integer"),
            Type::Integer { min, max } => write!(f, "integer {min}..{max}"),
            Type::Float => f.write_str("number"),
            Type::String { syntax: Some(syntax), .. } => f.write_str(&syntax.name().replace('_', " ")),
            Type::String { max, .. } => write!(f, "string of at most {max} bytes"),
            Type::Address => f.write_str("address"),
            Type::Prefix => f.write_str("prefix"),
            Type::Enum(e) => f.write_str(&e.name),
            Type::Optional(inner) => write!(f, "{inner} or nil"),
            Type::List { element, max } => write!(f, "list of at most {max} ({element})"),
            Type::Map { value, max } => write!(f, "map of at most {max} ({value})"),
            Type::Record(record) => f.write_str(&record.name),
        }
    }
}

impl EnumType {
    /// Position of the variant with this name.
    pub fn position(&self, name: &[u8]) -> Option<usize> {
        self.variants.iter().position(|v| v.name.as_bytes() == name)
    }

    /// Position of the variant with this integer.
    pub fn position_of_value(&self, value: i64) -> Option<usize> {
        // Most enums count from 0 in order, so that position is checked first.
        if let Ok(at) = usize::try_from(value)
            && self.variants.get(at).is_some_and(|v| v.value == value)
        {
            return Some(at);
        }
        self.variants.iter().position(|v| v.value == value)
    }

    /// The names, for messages: `PASS, DELAY or REFUSE`.
    pub fn names(&self) -> String {
        let names: Vec<&str> = self.variants.iter().map(|v| v.name.as_str()).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => names.concat(),
        }
    }
}

impl RecordType {
    /// Position of the field with this name.
    pub fn position(&self, name: &[u8]) -> Option<usize> {
        self.fields.iter().position(|f| f.name.as_bytes() == name)
    }
}

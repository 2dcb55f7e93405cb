//! What is found in a script.

use std::collections::HashSet;

use super::super::source::Place;

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
    /// Uses of what an index that is no name leads to.
    pub elements: Vec<Element>,
    /// Calls of global functions and of members of global tables.
    pub calls: Vec<Called>,
    /// Comparisons of which both sides are known in part.
    pub comparisons: Vec<Comparison>,
    pub locals: Vec<Local>,
    /// The script handles its table of globals as a value: nothing is known of globals then.
    pub globals_escape: bool,
    /// The parser took all of the script: what is not found in it is not there.
    pub whole: bool,
}

/// A function under a global name.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub place: Place,
    pub parameters: Vec<usize>,
    /// What its own `return` statements give first.
    pub returns: Vec<Written>,
}

/// A local variable.
#[derive(Debug, Default)]
pub struct Local {
    /// It gets another value after its first one.
    pub reassigned: bool,
    /// What it is another name of.
    pub alias: Option<Path>,
    /// Its first value, where that is a table written out.
    pub table: Option<Written>,
    /// How often it is read as a value: anything may happen to a table then. Returning it does not count.
    pub reads: usize,
}

/// `base.field`, read, set or called as a method.
#[derive(Debug)]
pub struct Access {
    pub base: Path,
    pub field: String,
    pub place: Place,
    pub set: bool,
    /// What it is set to, where that is written out.
    pub value: Option<Written>,
}

/// `base[index]`, read or set, or the key of a table that is written out.
#[derive(Debug)]
pub struct Element {
    pub base: Option<Path>,
    pub index: Written,
    pub set: bool,
}

/// `function(arguments)`.
#[derive(Debug)]
pub struct Called {
    pub function: Path,
    pub arguments: Vec<Written>,
    pub place: Place,
}

/// `left == right`, or with another operator that compares.
#[derive(Debug)]
pub struct Comparison {
    pub left: Written,
    pub operator: Operator,
    pub right: Written,
}

/// What a comparison asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `==`
    Equal,
    /// `~=`
    Unequal,
    /// `<`, `<=`, `>`, `>=`
    Order,
}

/// A variable and fields of fields of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    pub root: Root,
    pub fields: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Root {
    Global(String),
    /// Position in [`Scan::locals`].
    Local(usize),
}

impl Scan {
    /// Members that are set in global tables: the table's name, and the member's.
    pub fn members_set(&self) -> impl Iterator<Item = (&str, &str)> {
        self.accesses.iter().filter(|access| access.set).filter_map(|access| match &access.base {
            Path { root: Root::Global(table), fields } if fields.is_empty() => {
                Some((table.as_str(), access.field.as_str()))
            }
            _ => None,
        })
    }
}

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
    /// A table that is written out.
    Table {
        /// The keys that are names, in order of writing.
        keys: Vec<Key>,
        /// The values without a key.
        items: Vec<Written>,
        /// Whether there is nothing else: no key that is computed.
        whole: bool,
    },
    /// Another name of something.
    Path(Path),
    /// What a global function, or a member of a global table, gives.
    Called(Path),
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

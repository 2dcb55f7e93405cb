//! The results of a scan.

use std::collections::HashSet;

use super::super::source::Location;

/// The results of a scan.
#[derive(Debug, Default)]
pub struct Scan {
    /// Global names that are read.
    pub reads: Vec<(String, Location)>,
    /// Global names that are set anywhere.
    pub sets: HashSet<String>,
    /// Functions under global names, with the locals that are their parameters.
    pub functions: Vec<Function>,
    /// Uses of fields.
    pub accesses: Vec<Access>,
    /// Uses of elements whose index is not a name.
    pub elements: Vec<Element>,
    /// Calls of global functions and of members of global tables.
    pub calls: Vec<Called>,
    /// Comparisons whose sides are both partly known.
    pub comparisons: Vec<Comparison>,
    pub locals: Vec<Local>,
    /// The script uses its table of globals as a value: then nothing is known about globals.
    pub globals_escape: bool,
    /// The parser read the whole script: what was not found does not exist.
    pub whole: bool,
}

/// A function under a global name.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub location: Location,
    pub parameters: Vec<usize>,
    /// The first values of its own `return` statements.
    pub returns: Vec<Expr>,
}

/// A local variable.
#[derive(Debug, Default)]
pub struct Local {
    /// It gets another value after its first one.
    pub reassigned: bool,
    /// The path that it is another name of.
    pub alias: Option<Path>,
    /// Its first value, if that is a literal table.
    pub table: Option<Expr>,
    /// How often it is read as a value; a table may then be changed anywhere. Returning it does not count.
    pub reads: usize,
}

/// `base.field`, read, set or called as a method.
#[derive(Debug)]
pub struct Access {
    pub base: Path,
    pub field: String,
    pub location: Location,
    pub set: bool,
    /// The value that it is set to, if that is literal.
    pub value: Option<Expr>,
}

/// `base[index]`, read or set, or a computed key of a literal table.
#[derive(Debug)]
pub struct Element {
    pub base: Option<Path>,
    pub index: Expr,
    pub set: bool,
}

/// `function(arguments)`.
#[derive(Debug)]
pub struct Called {
    pub function: Path,
    pub arguments: Vec<Expr>,
    pub location: Location,
}

/// `left == right`, or another comparison.
#[derive(Debug)]
pub struct Comparison {
    pub left: Expr,
    pub operator: Operator,
    pub right: Expr,
}

/// The operator of a comparison.
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
    /// Members that are set in global tables: the names of the table and of the member.
    pub fn members_set(&self) -> impl Iterator<Item = (&str, &str)> {
        self.accesses.iter().filter(|access| access.set).filter_map(|access| match &access.base {
            Path { root: Root::Global(table), fields } if fields.is_empty() => {
                Some((table.as_str(), access.field.as_str()))
            }
            _ => None,
        })
    }
}

/// A value and its location.
#[derive(Debug, Clone)]
pub struct Expr {
    pub literal: Literal,
    pub location: Location,
}

/// A value, as far as the text shows it.
#[derive(Debug, Clone)]
pub enum Literal {
    Nil,
    Boolean,
    Integer(i64),
    Float(f64),
    Text(String),
    Function,
    /// A literal table.
    Table {
        /// The keys that are names, in order of the text.
        keys: Vec<Key>,
        /// The values without a key.
        items: Vec<Expr>,
        /// Whether it is complete: no key is computed.
        whole: bool,
    },
    /// Another name of a value.
    Path(Path),
    /// The return value of a global function, or of a member of a global table.
    Called(Path),
    /// Known only at run time.
    Unknown,
}

/// A named item of a table.
#[derive(Debug, Clone)]
pub struct Key {
    pub name: String,
    pub location: Location,
    pub value: Expr,
}

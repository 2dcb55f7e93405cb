//! Errors of a policy file.

use std::fmt;
use std::sync::Arc;

use crate::name::NameError;
use crate::nesting::{MAX_FILE, MAX_NESTING};
use crate::origin::Origin;
use crate::units::{Amount, UnitError};

/// The most problems that are kept; of more, only the number is.
pub(crate) const MAX_PROBLEMS: usize = 100;

/// A policy file that was refused, with everything that is wrong with it.
///
/// Prints one line per [`Problem`], in the order of the file. Of a file that is not even TOML only the first problem
/// is reported, since everything after it is guesswork.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyError {
    pub(crate) problems: Vec<Problem>,
    pub(crate) omitted: usize,
}

impl PolicyError {
    /// The problems in the order of the file, at least one and at most 100.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many problems there are beyond those that are listed.
    pub fn omitted(&self) -> usize {
        self.omitted
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        if self.omitted > 0 {
            write!(f, "\nand {} more", self.omitted)?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyError {}

/// One thing that is wrong with a policy file. Prints as `policy.toml:12:8: tenants.acme.fuel: what is wrong`.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// The file, as it was named to [`Policy::parse`](crate::Policy::parse).
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The dotted key; empty when the problem is with the file as a whole.
    pub key: String,
    /// What is wrong.
    pub kind: ProblemKind,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: ", self.file, self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        self.kind.fmt(f)
    }
}

/// What is wrong.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// More text than is read.
    #[error("the file has {size} bytes; at most {MAX_FILE} are read")]
    FileTooLarge {
        /// How many bytes there are.
        size: usize,
    },
    /// Tables, arrays and dotted keys within each other.
    #[error("tables, arrays and dotted keys nest more than {MAX_NESTING} deep")]
    TooDeep,
    /// Not TOML at all.
    #[error("not valid TOML: {0}")]
    Syntax(String),
    /// A key or table that was there before.
    #[error("defined twice")]
    DuplicateKey,
    /// A key that means nothing here.
    #[error("unknown key; {}", match .suggestion {
        Some(key) => format!("did you mean `{key}`?"),
        None => format!("expected one of {}", .expected.join(", ")),
    })]
    UnknownKey {
        /// The keys there are.
        expected: Vec<&'static str>,
        /// The one that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// A name with a dot that was written as a dotted key.
    #[error("unknown key; a name that contains a dot must be quoted: {name}")]
    UnquotedName {
        /// The name that was probably meant, in quotes.
        name: String,
    },
    /// A key that has to be there.
    #[error("`{key}` is missing")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// Another type or another word than makes sense here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What makes sense.
        expected: String,
        /// What there is.
        found: String,
    },
    /// An amount that can't be read.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// Less than any budget may have.
    #[error("{value:#} is under the minimum of {min:#}")]
    UnderMinimum {
        /// What was written.
        value: Amount,
        /// The hard minimum of the field.
        min: Amount,
    },
    /// More than any ceiling may have.
    #[error("{value:#} is over the maximum of {max:#}")]
    OverMaximum {
        /// What was written.
        value: Amount,
        /// The hard maximum of the field.
        max: Amount,
    },
    /// More than this policy may grant.
    #[error("{value:#} is over the ceiling of {ceiling:#} (set at {set_at})")]
    OverCeiling {
        /// What was written.
        value: Amount,
        /// The ceiling.
        ceiling: Amount,
        /// Where the ceiling was set.
        set_at: Origin,
    },
    /// A ceiling that is lower than what everyone gets, which the file does not change.
    #[error("{ceiling:#} is under the default of {default:#} (set at {set_at}); set a lower default too")]
    CeilingUnderDefault {
        /// What was written.
        ceiling: Amount,
        /// The preset's default.
        default: Amount,
        /// Where the default was set.
        set_at: Origin,
    },
    /// An amount that counts over all hook points of a tenant, in a section about one of them.
    #[error("this counts over all hook points of a tenant; it belongs in [defaults] or [tenants.NAME]")]
    TenantWide,
    /// A first quarantine that is longer than the longest.
    #[error("the first quarantine, {backoff:#}, is longer than the longest, {max:#} (set at {set_at})")]
    BackoffOverMax {
        /// The first quarantine.
        backoff: Amount,
        /// The longest.
        max: Amount,
        /// Where the longest was set.
        set_at: Origin,
    },
    /// A name that nothing may have.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A grant whose reason says nothing.
    #[error("expected a reason, found only blanks")]
    BlankReason,
    /// A capability that was granted to the same tenant before.
    #[error("\"{capability}\" is granted twice (first at {set_at})")]
    DuplicateGrant {
        /// The capability.
        capability: String,
        /// Where it was granted first.
        set_at: Origin,
    },
}

//! Errors of a policy file.

use std::fmt;
use std::sync::Arc;

use crate::name::NameError;
use crate::nesting::{MAX_FILE, MAX_NESTING};
use crate::origin::Origin;
use crate::units::{Amount, UnitError};

/// The most errors that are listed; further ones are only counted.
pub(crate) const MAX_DIAGNOSTICS: usize = 100;

/// A policy file that was rejected, with all of its errors.
///
/// It is displayed as one line per [`Diagnostic`], in the order of the file. If the file is not valid TOML, only the
/// first error is reported, because everything after it is guesswork.
#[derive(Clone, PartialEq, Debug)]
pub struct PolicyError {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) omitted: usize,
}

impl PolicyError {
    /// The errors in the order of the file: at least one and at most 100.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The number of errors beyond those that are listed.
    pub fn omitted(&self) -> usize {
        self.omitted
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.diagnostics.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            diagnostic.fmt(f)?;
        }
        if self.omitted > 0 {
            write!(f, "\nand {} more", self.omitted)?;
        }
        Ok(())
    }
}

impl std::error::Error for PolicyError {}

/// One error in a policy file. It is displayed as `policy.toml:12:8: tenants.acme.fuel: what is wrong`.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// The file, as it was named to [`Policy::parse`](crate::Policy::parse).
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The dotted key; empty when the error concerns the file as a whole.
    pub key: String,
    /// What is wrong.
    pub kind: DiagnosticKind,
}

impl fmt::Display for Diagnostic {
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
pub enum DiagnosticKind {
    /// The text is longer than the limit.
    #[error("the file has {size} bytes; at most {MAX_FILE} are read")]
    FileTooLarge {
        /// The size of the file in bytes.
        size: usize,
    },
    /// Tables, arrays and dotted keys are nested too deep.
    #[error("tables, arrays and dotted keys nest more than {MAX_NESTING} deep")]
    TooDeep,
    /// The text is not TOML.
    #[error("not valid TOML: {0}")]
    Syntax(String),
    /// A key or table that was already defined.
    #[error("defined twice")]
    DuplicateKey,
    /// A key that has no meaning in its table.
    #[error("unknown key; {}", match .suggestion {
        Some(key) => format!("did you mean `{key}`?"),
        None => format!("expected one of {}", .expected.join(", ")),
    })]
    UnknownKey {
        /// The keys that the table may have.
        expected: Vec<&'static str>,
        /// The known key that is nearest to it.
        suggestion: Option<&'static str>,
    },
    /// A name with a dot that is written as a dotted key.
    #[error("unknown key; a name that contains a dot must be quoted: {name}")]
    UnquotedName {
        /// The quoted name that was probably meant.
        name: String,
    },
    /// A required key that is missing.
    #[error("`{key}` is missing")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// A value of another type, or another word, than the key accepts.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// The accepted values.
        expected: String,
        /// The value in the file.
        found: String,
    },
    /// An amount that cannot be read.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// An amount below the hard minimum of any budget.
    #[error("{value:#} is under the minimum of {min:#}")]
    UnderMinimum {
        /// The amount in the file.
        value: Amount,
        /// The hard minimum of the field.
        min: Amount,
    },
    /// An amount above the hard maximum of any ceiling.
    #[error("{value:#} is over the maximum of {max:#}")]
    OverMaximum {
        /// The amount in the file.
        value: Amount,
        /// The hard maximum of the field.
        max: Amount,
    },
    /// An amount above what this policy may grant.
    #[error("{value:#} is over the ceiling of {ceiling:#} (set at {set_at})")]
    OverCeiling {
        /// The amount in the file.
        value: Amount,
        /// The ceiling.
        ceiling: Amount,
        /// Where the ceiling was set.
        set_at: Origin,
    },
    /// A ceiling below the value that everyone gets and that the file does not change.
    #[error("{ceiling:#} is under the default of {default:#} (set at {set_at}); set a lower default too")]
    CeilingUnderDefault {
        /// The ceiling in the file.
        ceiling: Amount,
        /// The preset's default.
        default: Amount,
        /// Where the default was set.
        set_at: Origin,
    },
    /// An amount that counts over all hook points of a tenant, in a section about one hook point.
    #[error("this counts over all hook points of a tenant; it belongs in [defaults] or [tenants.NAME]")]
    TenantWide,
    /// A first quarantine that is longer than the longest one.
    #[error("the first quarantine, {backoff:#}, is longer than the longest, {max:#} (set at {set_at})")]
    BackoffOverMax {
        /// The duration of the first quarantine.
        backoff: Amount,
        /// The longest duration.
        max: Amount,
        /// Where the longest duration was set.
        set_at: Origin,
    },
    /// An invalid name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A grant with a blank reason.
    #[error("expected a reason, found only blanks")]
    BlankReason,
    /// A capability that is granted twice to the same tenant.
    #[error("\"{capability}\" is granted twice (first at {set_at})")]
    DuplicateGrant {
        /// The capability.
        capability: String,
        /// Where it was granted first.
        set_at: Origin,
    },
}

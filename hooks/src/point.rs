//! A hook point as a Rust type.

use std::sync::Arc;

use crate::codec::{Answer, Encoder};
use crate::schema::{Declaration, DeclarationBuilder, DeclarationError};
use crate::value::{Mismatch, ResultValue, Value};

/// A hook point whose types are known at compile time. [`hook_point!`](crate::hook_point) implements it.
pub trait HookPoint: 'static {
    /// The arguments of one invocation.
    type Args<'a>;
    /// The results of one invocation: declared results, and `Option`s of what changed in `inout` arguments.
    type Results;

    /// The declaration, created once.
    ///
    /// # Panics
    /// The first use of a declaration panics if [`DeclarationBuilder::build`] rejects it for reasons that
    /// [`hook_point!`](crate::hook_point) cannot see in its tokens; the message says which.
    fn declaration() -> &'static Arc<Declaration>;

    /// Writes the arguments into slots that start at 0; the encoder has begun with the declaration's head.
    fn encode(args: &Self::Args<'_>, out: &mut Encoder);

    /// The declared defaults, and no changes.
    fn defaults() -> Self::Results;

    /// The results of a checked answer, with defaults for what it leaves out.
    ///
    /// # Errors
    /// An answer that was checked against another declaration.
    fn results(answer: Answer) -> Result<Self::Results, Mismatch>;
}

/// Builds a declaration or panics with the reason. This is for [`hook_point!`](crate::hook_point), whose declarations
/// are constants of the program.
#[doc(hidden)]
pub fn declared(builder: impl FnOnce() -> Result<DeclarationBuilder, DeclarationError>) -> Arc<Declaration> {
    match builder().and_then(DeclarationBuilder::build) {
        Ok(declaration) => declaration,
        Err(error) => panic!("{error}"),
    }
}

/// The declared default of a result.
#[doc(hidden)]
pub fn default_value<T: ResultValue>(hook: &str, result: &str, default: &T) -> Result<Value, DeclarationError> {
    Value::of(default).map_err(|error| DeclarationError {
        hook: hook.to_owned(),
        reason: format!("the default of {result}: {error}"),
    })
}

//! What the builder collects about what policies may not turn failures into.

use super::declaration::{Declaration, DeclarationError};
use super::forbidden::Forbidden;
use crate::dynamic::Value;

/// What the builder collects; results by name until all of them are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Forbids {
    pub skip: bool,
    pub default: bool,
    pub results: Vec<(String, Value)>,
}

impl Forbids {
    /// Checks it against the declaration's results.
    pub fn of(self, declaration: &Declaration) -> Result<Forbidden, DeclarationError> {
        let wrong = |reason| DeclarationError { hook: declaration.name.clone(), reason };
        let mut results = Vec::with_capacity(self.results.len());
        for (name, value) in self.results {
            let Some(position) = declaration.result_position(name.as_bytes()) else {
                return Err(wrong(format!("forbidden result '{name}': no such result")));
            };
            let ty = &declaration.results[position].ty;
            if !value.fits(ty) {
                return Err(wrong(format!("forbidden result {name}: the value does not fit {ty}")));
            }
            results.push((position, value));
        }
        Ok(Forbidden { skip: self.skip, default: self.default, results })
    }
}

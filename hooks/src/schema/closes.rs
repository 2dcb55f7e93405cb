//! What the builder collects about a hook point's protection: its closed results and the attachments that it requires.

use super::closed::{Closed, Required};
use super::declaration::{Chain, Declaration, DeclarationError};
use crate::dynamic::Value;

/// The most attachments that a hook point requires.
const MAX_REQUIRED: usize = 64;
/// The most bytes of a tenant's or an attachment's name.
const MAX_NAME: usize = 64;

/// What the builder collects; results by name until all of them are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Closes {
    pub results: Vec<(String, Value)>,
    pub required: Vec<String>,
}

impl Closes {
    /// Checks it against the declaration's results and against what the declaration forbids.
    pub fn of(self, declaration: &Declaration) -> Result<(Option<Closed>, Vec<Required>), DeclarationError> {
        let wrong = |reason| DeclarationError { hook: declaration.name.clone(), reason };
        if declaration.chain == Chain::Observe && !(self.results.is_empty() && self.required.is_empty()) {
            return Err(wrong(
                "a hook point that observes decides nothing, so it cannot have a closed result".to_owned(),
            ));
        }
        if self.results.is_empty() && !self.required.is_empty() {
            return Err(wrong(format!(
                "it requires {} but declares no closed result, which applies without the attachment",
                self.required.join(", ")
            )));
        }
        let mut results: Vec<(usize, Value)> = Vec::with_capacity(self.results.len());
        for (name, value) in self.results {
            let Some(position) = declaration.result_position(name.as_bytes()) else {
                return Err(wrong(format!("closed result '{name}': no such result")));
            };
            let ty = &declaration.results[position].ty;
            if !value.fits(ty) {
                return Err(wrong(format!("closed result {name}: the value does not fit {ty}")));
            }
            if results.iter().any(|(other, _)| *other == position) {
                return Err(wrong(format!("closed result {name}: it is set twice")));
            }
            results.push((position, value));
        }
        let given = |at: usize| results.iter().find(|(position, _)| *position == at).map(|(_, value)| value.clone());
        if let Some(reason) = declaration.forbidden.refuses(declaration, given).filter(|_| !results.is_empty()) {
            return Err(wrong(format!("the closed result: {reason}")));
        }
        if self.required.len() > MAX_REQUIRED {
            return Err(wrong(format!("expected at most {MAX_REQUIRED} required attachments")));
        }
        let mut required = Vec::with_capacity(self.required.len());
        for text in self.required {
            let one = text.split_once('/').filter(|(tenant, name)| is_name(tenant) && is_name(name));
            let (tenant, name) = one.ok_or_else(|| {
                wrong(format!("required attachment \"{text}\": expected TENANT/NAME, such as acme/limit"))
            })?;
            required.push(Required { tenant: tenant.to_owned(), name: name.to_owned() });
        }
        required.dedup();
        Ok(((!results.is_empty()).then_some(Closed { results }), required))
    }
}

/// Whether tenants and attachments may have this name.
fn is_name(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    !name.is_empty() && name.len() <= MAX_NAME && !name.starts_with('.') && name.bytes().all(allowed)
}

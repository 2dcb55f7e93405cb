//! Grants of capabilities, each with its reason.

use std::collections::BTreeMap;
use std::collections::btree_map;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::error::DiagnosticKind;
use crate::name::NameKind;
use crate::origin::Located;
use crate::read::{Reader, Value, join};

/// A capability that a tenant's scripts may use, and the reason.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Grant {
    /// The capability's name, such as `log`: at most 64 characters of `A-Z a-z 0-9 _ . -`. The host checks whether such
    /// a capability exists.
    pub capability: String,
    /// Why it was granted; never blank.
    pub reason: String,
}

impl Grant {
    /// Reads the `grants` of the tenant at `tenant`.
    pub(crate) fn read_all<'t>(reader: &mut Reader<'t>, value: &Value<'t>, tenant: &str) -> Vec<Located<Grant>> {
        let path = join(tenant, "grants");
        let DeValue::Array(values) = value.get_ref() else {
            reader.expected(value, &path, format!("an array of tables, [[{path}]]"));
            return Vec::new();
        };
        let section = Arc::from(&*path);
        let mut grants = Vec::new();
        let mut first = BTreeMap::new();
        for (i, value) in values.iter().enumerate() {
            let path = format!("{path}[{i}]");
            let Some(grant) = reader.table(value, &path).and_then(|table| Self::read(reader, table, value, &path))
            else {
                continue;
            };
            let grant = reader.located(grant, &value.span(), &section, &path);
            match first.entry(grant.value.capability.clone()) {
                btree_map::Entry::Vacant(entry) => {
                    entry.insert(grant.origin.clone());
                    grants.push(grant);
                }
                btree_map::Entry::Occupied(entry) => {
                    let (capability, set_at) = (grant.value.capability, entry.get().clone());
                    reader.report(&value.span(), path, DiagnosticKind::DuplicateGrant { capability, set_at });
                }
            }
        }
        grants
    }

    fn read<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>, whole: &Value<'t>, path: &str) -> Option<Grant> {
        for key in table.keys().filter(|key| !matches!(&**key.get_ref(), "capability" | "reason")) {
            reader.unknown_key(key, &join(path, key.get_ref()), &["capability", "reason"]);
        }
        let mut string = |key: &'static str| {
            let Some(value) = table.get(key) else {
                reader.report(&whole.span(), path, DiagnosticKind::MissingKey { key });
                return None;
            };
            let text = reader.string(value, &join(path, key))?;
            Some((text.to_owned(), value.span()))
        };
        let (capability, reason) = (string("capability"), string("reason"));
        let capability = capability.filter(|(name, span)| {
            let path = join(path, "capability");
            reader.name(NameKind::Capability, name, span, &path)
        });
        let reason = reason.filter(|(reason, span)| {
            let blank = reason.trim().is_empty();
            if blank {
                reader.report(span, join(path, "reason"), DiagnosticKind::BlankReason);
            }
            !blank
        });
        Some(Grant { capability: capability?.0, reason: reason?.0 })
    }
}

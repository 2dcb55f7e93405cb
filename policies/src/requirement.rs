//! Requirements: the attachments without which a hook point is closed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::disposition::ResultValue;
use crate::name::NameKind;
use crate::origin::Origin;
use crate::read::{Reader, Value, join};

/// The most attachments that a hook point requires.
const MAX_REQUIRED: usize = 64;

/// The attachments that `[hooks."…"]` requires.
#[derive(Clone, PartialEq, Debug)]
pub struct Requirement {
    /// The attachments, in the order of the file. Empty if the file sets only the closed result.
    pub required: Vec<Required>,
    /// The results while one of them is missing, in place of those that the hook point declares.
    pub closed: Option<ClosedResult>,
}

/// A required attachment.
#[derive(Clone, PartialEq, Debug)]
pub struct Required {
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Where it was set.
    pub origin: Origin,
}

/// Results by name, in the order of the file, for the host to check.
#[derive(Clone, PartialEq, Debug)]
pub struct ClosedResult {
    /// The results; those that are not named keep their defaults.
    pub results: Vec<(String, ResultValue)>,
    /// Where they were set.
    pub origin: Origin,
}

impl fmt::Display for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.name)
    }
}

impl Requirement {
    /// Reads `required` and `closed` of each hook point; `tables.rs` reads the rest of `[hooks]`.
    pub(crate) fn read_all<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> BTreeMap<String, Requirement> {
        let mut requirements = BTreeMap::new();
        for (key, value) in value.get_ref().as_table().into_iter().flatten() {
            let path = join("hooks", key.get_ref());
            let Some(requirement) = value.get_ref().as_table().and_then(|table| Self::read(reader, table, &path))
            else {
                continue;
            };
            requirements.insert(key.get_ref().to_string(), requirement);
        }
        requirements
    }

    fn read<'t>(reader: &mut Reader<'t>, table: &DeTable<'t>, path: &str) -> Option<Requirement> {
        let required = table.get("required").map(|value| read_required(reader, value, path));
        let closed = table.get("closed").map(|value| {
            let (section, at) = (Arc::from(path), join(path, "closed"));
            let results = reader.table(value, &at).and_then(|table| reader.record(table, &at))?;
            Some(ClosedResult { results, origin: reader.origin(&value.span(), &section, &at) })
        });
        if required.is_none() && closed.is_none() {
            return None;
        }
        Some(Requirement { required: required.unwrap_or_default(), closed: closed.flatten() })
    }
}

fn read_required<'t>(reader: &mut Reader<'t>, value: &Value<'t>, path: &str) -> Vec<Required> {
    let (section, path) = (Arc::from(path), join(path, "required"));
    let values = match value.get_ref() {
        DeValue::Array(values) if (1..=MAX_REQUIRED).contains(&values.len()) => values,
        _ => {
            let expected = format!("an array of 1 to {MAX_REQUIRED} attachments, each written as \"TENANT/NAME\"");
            reader.expected(value, &path, expected);
            return Vec::new();
        }
    };
    let mut all: Vec<Required> = Vec::new();
    for (i, value) in values.iter().enumerate() {
        let path = format!("{path}[{i}]");
        let Some(text) = reader.string(value, &path) else { continue };
        let Some((tenant, name)) = text.split_once('/') else {
            reader.expected(value, &path, "an attachment, written as \"TENANT/NAME\"");
            continue;
        };
        let kinds = [(NameKind::Tenant, tenant), (NameKind::Attachment, name)];
        if kinds.into_iter().all(|(kind, name)| reader.name(kind, name, &value.span(), &path)) {
            let (tenant, name) = (tenant.to_owned(), name.to_owned());
            if !all.iter().any(|other| (&other.tenant, &other.name) == (&tenant, &name)) {
                all.push(Required { tenant, name, origin: reader.origin(&value.span(), &section, &path) });
            }
        }
    }
    all
}

//! The tables of a policy file that have a section per name: `hooks` and `tenants`.

use std::collections::BTreeMap;

use super::Tenant;
use crate::grant::Grant;
use crate::name::NameKind;
use crate::read::{Reader, Value, join};
use crate::section::{About, Limits, Section};

/// Reads a `hooks` table: a section per hook point, for every tenant or for one.
pub(super) fn read_hooks<'t>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    path: &str,
    limits: &Limits,
    of_tenant: bool,
) -> BTreeMap<String, Section> {
    let mut hooks = BTreeMap::new();
    for (key, value) in reader.table(value, path).into_iter().flatten() {
        let (name, path) = (&**key.get_ref(), join(path, key.get_ref()));
        reader.name(NameKind::HookPoint, name, &key.span(), &path);
        if let Some(table) = reader.table(value, &path) {
            let about = if of_tenant { About::TenantAt(name) } else { About::HookPoint(name) };
            let section = Section::read(reader, table, &path, about, limits);
            hooks.insert(name.to_owned(), section);
        }
    }
    hooks
}

/// Reads the `tenants` table.
pub(super) fn read_tenants<'t>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    limits: &Limits,
) -> BTreeMap<String, Tenant> {
    let mut tenants = BTreeMap::new();
    for (key, value) in reader.table(value, "tenants").into_iter().flatten() {
        let (name, path) = (&**key.get_ref(), join("tenants", key.get_ref()));
        reader.name(NameKind::Tenant, name, &key.span(), &path);
        let Some(table) = reader.table(value, &path) else {
            continue;
        };
        let mut tenant =
            Tenant { section: Section::read(reader, table, &path, About::Tenant(name), limits), ..Tenant::default() };
        if let Some(value) = table.get("hooks") {
            tenant.hooks = read_hooks(reader, value, &join(&path, "hooks"), limits, true);
        }
        if let Some(value) = table.get("grants") {
            tenant.grants = Grant::read_all(reader, value, &path);
        }
        tenants.insert(name.to_owned(), tenant);
    }
    tenants
}

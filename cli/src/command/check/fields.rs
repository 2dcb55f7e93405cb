//! Warnings about fields of arguments that do not exist, are read-only, or are set to an invalid value.

use tenterhook::hooks::schema::Type;

use super::answers::mismatch;
use super::remark::{Remark, hint};
use super::scan::{Access, Literal};
use super::views::{ADDRESS, Kind, PREFIX, Views, inner};

/// The error in this use of a field.
pub fn judge(views: &Views<'_>, access: &Access) -> Option<Remark> {
    let part = views.part(&access.base)?;
    let name = &access.field;
    let (what, known): (&str, Vec<&str>) = match views.kind(&part)? {
        Kind::Of(Type::Record(record)) => {
            if let Some(field) = record.fields.iter().find(|field| field.name == *name) {
                if !access.set {
                    return None;
                }
                if !views.is_writable(&part, name) {
                    return Some((access.location, format!("field '{name}' of {} is read-only", record.name)));
                }
                let value = access.value.as_ref()?;
                // Nil is valid for fields that may be absent.
                let wrong = match (&field.ty, &value.literal) {
                    (Type::Optional(_), Literal::Nil) => None,
                    (ty, Literal::Nil) => Some((value.location, format!("expected {ty}, got nil"))),
                    (ty, _) => mismatch(inner(ty), value),
                };
                return wrong.map(|(location, wrong)| (location, format!("{name}: {wrong}")));
            }
            (&record.name, record.fields.iter().map(|field| field.name.as_str()).collect())
        }
        Kind::Of(Type::Address) | Kind::Address => ("address", ADDRESS.to_vec()),
        Kind::Of(Type::Prefix) => ("prefix", PREFIX.to_vec()),
        _ => return None,
    };
    if known.contains(&name.as_str()) {
        let article = if what == "address" { "an" } else { "a" };
        return access.set.then(|| (access.location, format!("'{name}' of {article} {what} is read-only")));
    }
    Some((access.location, format!("no field '{name}' in {what}{}", hint(name, known.into_iter()))))
}

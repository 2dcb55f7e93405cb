//! Which tenants may attach at which hook points, and in which band of orders.

use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::error::DiagnosticKind;
use crate::name::NameKind;
use crate::origin::{Located, Origin};
use crate::read::{Reader, Value, join};

/// Stands for every name in lists of tenants and hook points.
pub(crate) const EVERY: &str = "*";

/// Orders from the first to the last, both included. Lower orders run earlier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Orders {
    /// The lowest.
    pub min: i32,
    /// The highest.
    pub max: i32,
}

impl Orders {
    /// Every order.
    pub const ALL: Orders = Orders { min: i32::MIN, max: i32::MAX };

    /// Whether the range contains the order.
    pub const fn contains(self, order: i32) -> bool {
        self.min <= order && order <= self.max
    }

    /// The nearest order in the range.
    pub const fn nearest(self, order: i32) -> i32 {
        if order < self.min {
            self.min
        } else if order > self.max {
            self.max
        } else {
            order
        }
    }
}

/// One `[[placement]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Placement {
    hook: String,
    tenants: Vec<String>,
    orders: Orders,
}

/// Whether a tenant may attach at a hook point, and with which orders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AllowedOrders {
    /// With orders in this band. The origin is that of the `[[placement]]`; `None` if the policy has no placement for
    /// the hook point.
    Band(Orders, Option<Origin>),
    /// Not at all: the hook point has placements, the first of them at this origin, and none lists the tenant.
    Refused(Origin),
}

/// Returns the orders that the placements allow `tenant` at `hook`. Placements that name the hook point take precedence
/// over those for every one.
pub(crate) fn allowed_orders(placements: &[Located<Placement>], tenant: &str, hook: &str) -> AllowedOrders {
    let of = |hook: &str| placements.iter().filter(|p| p.value.hook == hook).collect::<Vec<_>>();
    let named = of(hook);
    let candidates = if named.is_empty() { of(EVERY) } else { named };
    let Some(first) = candidates.first() else {
        return AllowedOrders::Band(Orders::ALL, None);
    };
    let lists = |p: &&&Located<Placement>| p.value.tenants.iter().any(|t| t == tenant || t == EVERY);
    match candidates.iter().find(lists) {
        Some(found) => AllowedOrders::Band(found.value.orders, Some(found.origin.clone())),
        None => AllowedOrders::Refused(first.origin.clone()),
    }
}

impl Placement {
    /// The tenants that it names.
    pub(crate) fn tenants(&self) -> impl Iterator<Item = &str> {
        self.tenants.iter().map(String::as_str).filter(|tenant| *tenant != EVERY)
    }

    /// Reads `[[placement]]`.
    pub(crate) fn read_all<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Vec<Located<Placement>> {
        each(reader, value, "placement", |reader, table, value, path| {
            for key in table.keys().filter(|key| !matches!(&**key.get_ref(), "hook" | "tenants" | "orders")) {
                reader.unknown_key(key, &join(path, key.get_ref()), &["hook", "tenants", "orders"]);
            }
            let hook = required(reader, table, value, path, "hook").and_then(|value| {
                let path = join(path, "hook");
                let hook = reader.string(value, &path)?;
                (hook == EVERY || reader.name(NameKind::HookPoint, hook, &value.span(), &path)).then(|| hook.to_owned())
            });
            let tenants = required(reader, table, value, path, "tenants")
                .and_then(|value| read_tenants(reader, value, &join(path, "tenants")));
            let orders = match table.get("orders") {
                None => Some(Orders::ALL),
                Some(value) => read_orders(reader, value, &join(path, "orders")),
            };
            Some(Placement { hook: hook?, tenants: tenants?, orders: orders? })
        })
    }
}

/// The tables of an array, each read by `read`, which reports what is wrong.
pub(crate) fn each<'t, T>(
    reader: &mut Reader<'t>,
    value: &Value<'t>,
    path: &str,
    mut read: impl FnMut(&mut Reader<'t>, &DeTable<'t>, &Value<'t>, &str) -> Option<T>,
) -> Vec<Located<T>> {
    let DeValue::Array(values) = value.get_ref() else {
        reader.expected(value, path, format!("an array of tables, [[{path}]]"));
        return Vec::new();
    };
    let section = Arc::from(path);
    let mut all = Vec::new();
    for (i, value) in values.iter().enumerate() {
        let path = format!("{path}[{i}]");
        let Some(table) = reader.table(value, &path) else { continue };
        if let Some(one) = read(reader, table, value, &path) {
            all.push(reader.located(one, &value.span(), &section, &path));
        }
    }
    all
}

pub(crate) fn required<'v, 't>(
    reader: &mut Reader<'t>,
    table: &'v DeTable<'t>,
    whole: &Value<'t>,
    path: &str,
    key: &'static str,
) -> Option<&'v Value<'t>> {
    let value = table.get(key);
    if value.is_none() {
        reader.report(&whole.span(), path, DiagnosticKind::MissingKey { key });
    }
    value
}

/// A list of tenants' names, `"*"` among them for every tenant; not empty.
pub(crate) fn read_tenants<'t>(reader: &mut Reader<'t>, value: &Value<'t>, path: &str) -> Option<Vec<String>> {
    let expected = r#"an array of tenants' names, or ["*"] for every tenant"#;
    let values = match value.get_ref() {
        DeValue::Array(values) if !values.is_empty() => values,
        _ => {
            reader.expected(value, path, expected);
            return None;
        }
    };
    let names = values.iter().enumerate().map(|(i, value)| {
        let path = format!("{path}[{i}]");
        let name = reader.string(value, &path)?;
        (name == EVERY || reader.name(NameKind::Tenant, name, &value.span(), &path)).then(|| name.to_owned())
    });
    // All names are read before any failure counts, so that every error is reported.
    names.collect::<Vec<_>>().into_iter().collect()
}

fn read_orders<'t>(reader: &mut Reader<'t>, value: &Value<'t>, path: &str) -> Option<Orders> {
    let expected = "two integers [lowest, highest], each from -2147483648 to 2147483647";
    let number = |value: &Value<'t>| match value.get_ref() {
        DeValue::Integer(digits) => i32::from_str_radix(digits.as_str(), digits.radix()).ok(),
        _ => None,
    };
    let orders = match value.get_ref() {
        DeValue::Array(values) => match values.iter().map(number).collect::<Vec<_>>()[..] {
            [Some(min), Some(max)] if min <= max => Some(Orders { min, max }),
            _ => None,
        },
        _ => None,
    };
    if orders.is_none() {
        reader.expected(value, path, expected);
    }
    orders
}

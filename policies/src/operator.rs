//! Operators: the users who are authorised to see or change tenants' attachments in a running host.

use toml::de::DeValue;

use crate::error::DiagnosticKind;
use crate::origin::Located;
use crate::placement::{EVERY, each, read_tenants, required};
use crate::read::{Reader, Value, join};
use crate::word::words;

words! {
    /// What an operator is authorised to do with its tenants.
    pub enum May is "right" {
        /// See attachments.
        See = "see",
        /// See attachments, and attach, replace and detach them and so on.
        Change = "change",
    }
}

/// A user or group of the machine, by number or by name. The host resolves names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// A user's number.
    Uid(u32),
    /// A user's name.
    User(String),
    /// A group's number.
    Gid(u32),
    /// A group's name.
    Group(String),
}

impl std::fmt::Display for Who {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Who::Uid(uid) => write!(f, "uid {uid}"),
            Who::User(name) => write!(f, "user {name}"),
            Who::Gid(gid) => write!(f, "gid {gid}"),
            Who::Group(name) => write!(f, "group {name}"),
        }
    }
}

/// One `[[operators]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operator {
    /// The user or group that it authorises.
    pub who: Who,
    /// Names of tenants; `*` stands for every tenant.
    pub tenants: Vec<String>,
    /// What they are authorised to do.
    pub may: May,
}

impl Operator {
    /// Whether it covers that tenant.
    pub fn covers(&self, tenant: &str) -> bool {
        self.tenants.iter().any(|name| name == tenant || name == EVERY)
    }

    /// Reads `[[operators]]`.
    pub(crate) fn read_all<'t>(reader: &mut Reader<'t>, value: &Value<'t>) -> Vec<Located<Operator>> {
        each(reader, value, "operators", |reader, table, value, path| {
            const KEYS: [&str; 6] = ["uid", "user", "gid", "group", "tenants", "may"];
            for key in table.keys().filter(|key| !KEYS.contains(&&**key.get_ref())) {
                reader.unknown_key(key, &join(path, key.get_ref()), &KEYS);
            }
            let given: Vec<_> = KEYS[..4].iter().filter_map(|key| Some((*key, table.get(*key)?))).collect();
            let who = match given[..] {
                [] => {
                    reader.report(&value.span(), path, DiagnosticKind::MissingKey { key: "uid, user, gid or group" });
                    None
                }
                [(key, value)] => read_who(reader, key, value, &join(path, key)),
                [_, (key, second), ..] => {
                    reader.expected(second, &join(path, key), "one of uid, user, gid and group");
                    None
                }
            };
            let tenants = required(reader, table, value, path, "tenants")
                .and_then(|value| read_tenants(reader, value, &join(path, "tenants")));
            let may = match table.get("may") {
                None => Some(May::Change),
                Some(value) => reader.word(value, &join(path, "may"), &May::WORDS),
            };
            Some(Operator { who: who?, tenants: tenants?, may: may? })
        })
    }
}

fn read_who<'t>(reader: &mut Reader<'t>, key: &str, value: &Value<'t>, path: &str) -> Option<Who> {
    if matches!(key, "uid" | "gid") {
        let number = match value.get_ref() {
            // The last number means "no change" to the kernel and belongs to no user.
            DeValue::Integer(digits) => u32::from_str_radix(digits.as_str(), digits.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| *number != u32::MAX);
        if number.is_none() {
            reader.expected(value, path, "a number from 0 to 4294967294");
        }
        return number.map(if key == "uid" { Who::Uid } else { Who::Gid });
    }
    let name = reader.string(value, path)?;
    let fits = (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic() && b != b':' && b != b',');
    if !fits {
        reader.expected(value, path, "a name of 1 to 64 printable ASCII characters without blanks, ':' or ','");
        return None;
    }
    Some(if key == "user" { Who::User(name.to_owned()) } else { Who::Group(name.to_owned()) })
}

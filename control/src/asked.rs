//! What is asked, by whom, and whether they may.

use serde::de::DeserializeOwned;

use super::body::Held;
use super::caller::{Caller, Rights};
use super::problem::Problem;

/// What is asked.
pub(super) struct Asked {
    pub caller: Caller,
    pub rights: Rights,
    /// Values of the path's parameters, in order.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    /// None before the rights were looked at, and where none came.
    pub body: Option<Held>,
}

impl Asked {
    /// Whether the caller may ask at all, as far as can be told without the body, of a route that is for those alone who may
    /// change something, or for all.
    pub fn may_ask(&self, for_changers: bool) -> Result<(), Problem> {
        if !self.rights.any() {
            return Err(Problem::forbidden(format!("{} is not an operator of this host", self.caller)));
        }
        match &self.path[..] {
            _ if !for_changers => Ok(()),
            [tenant, _] => self.may_change(tenant),
            _ if self.rights.any_change() => Ok(()),
            _ => Err(Problem::forbidden(format!("{} may not change anything", self.caller))),
        }
    }

    /// A query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter that is a number.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let read = |text: &str| {
            text.parse().map_err(|_| {
                Problem::bad_request(format!("{name}: expected a whole number, found {text:?}")).field(name)
            })
        };
        self.query(name).map(read).transpose()
    }

    /// The revision that a change was made against.
    pub fn revision(&self, current: u64) -> Result<u64, Problem> {
        self.number("revision")?.ok_or_else(|| {
            let message = format!("a change names the revision that it was made against: ?revision={current}");
            Problem::new(428, "revision_required", message).revision(current)
        })
    }

    /// The body, as it is described.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let body = self.body.as_ref().map_or(&[][..], |held| &held.bytes);
        serde_json::from_slice(body).map_err(|error| Problem::bad_request(format!("the body: {error}")))
    }

    /// Tenant and name of the path.
    pub fn target(&self) -> (&str, &str) {
        match &self.path[..] {
            [tenant, name, ..] => (tenant, name),
            // The routes that ask have both.
            _ => ("", ""),
        }
    }

    pub fn may_see(&self, tenant: &str) -> Result<(), Problem> {
        if self.rights.see(tenant) { Ok(()) } else { Err(self.refused("see", tenant)) }
    }

    pub fn may_change(&self, tenant: &str) -> Result<(), Problem> {
        if self.rights.change(tenant) { Ok(()) } else { Err(self.refused("change", tenant)) }
    }

    fn refused(&self, what: &str, tenant: &str) -> Problem {
        Problem::forbidden(format!("{} may not {what} attachments of tenant {tenant}", self.caller))
    }
}

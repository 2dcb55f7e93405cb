//! A request: what is requested, by whom, and whether they are authorised.

use serde::de::DeserializeOwned;

use super::body::Held;
use super::caller::{Caller, Rights};
use super::rejection::Rejection;

/// A request.
pub(super) struct Asked {
    pub caller: Caller,
    pub rights: Rights,
    /// Values of the path's parameters, in order.
    pub path: Vec<String>,
    pub query: Vec<(String, String)>,
    /// `None` before the rights were checked, and if there is no body.
    pub body: Option<Held>,
}

impl Asked {
    /// Checks whether the caller is authorised for the route at all, as far as that can be decided without the body.
    /// `for_changers` marks routes that require the right to change something.
    pub fn may_ask(&self, for_changers: bool) -> Result<(), Rejection> {
        if !self.rights.any() {
            return Err(Rejection::forbidden(format!("{} is not an operator of this host", self.caller)));
        }
        match &self.path[..] {
            _ if !for_changers => Ok(()),
            [tenant, _] => self.may_change(tenant),
            _ if self.rights.any_change() => Ok(()),
            _ => Err(Rejection::forbidden(format!("{} is not authorised to change anything", self.caller))),
        }
    }

    /// A query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter whose value is a number.
    pub fn number(&self, name: &str) -> Result<Option<u64>, Rejection> {
        let read = |text: &str| {
            text.parse().map_err(|_| {
                Rejection::bad_request(format!("{name}: expected a whole number, found {text:?}")).field(name)
            })
        };
        self.query(name).map(read).transpose()
    }

    /// The revision that a change was made against.
    pub fn revision(&self, current: u64) -> Result<u64, Rejection> {
        self.number("revision")?.ok_or_else(|| {
            let message = format!("a change must name the revision that it was made against: ?revision={current}");
            Rejection::new(428, "revision_required", message).revision(current)
        })
    }

    /// The body, parsed as its type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Rejection> {
        let body = self.body.as_ref().map_or(&[][..], |held| &held.bytes);
        serde_json::from_slice(body).map_err(|error| Rejection::bad_request(format!("the body: {error}")))
    }

    /// The tenant and name in the path.
    pub fn target(&self) -> (&str, &str) {
        match &self.path[..] {
            [tenant, name, ..] => (tenant, name),
            // Every route that uses them has both.
            _ => ("", ""),
        }
    }

    pub fn may_see(&self, tenant: &str) -> Result<(), Rejection> {
        if self.rights.see(tenant) { Ok(()) } else { Err(self.refused("see", tenant)) }
    }

    pub fn may_change(&self, tenant: &str) -> Result<(), Rejection> {
        if self.rights.change(tenant) { Ok(()) } else { Err(self.refused("change", tenant)) }
    }

    fn refused(&self, what: &str, tenant: &str) -> Rejection {
        Rejection::forbidden(format!("{} is not authorised to {what} attachments of tenant {tenant}", self.caller))
    }
}

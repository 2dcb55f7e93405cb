//! Filters for a program's attachments. An unknown name is reported with the nearest known one, instead of showing
//! nothing or waiting.

use anyhow::Result;
use clap::Args;
use tenterhook_control_api::{Attachments, Problem, Tenants};

use super::{Client, Refusal, hooks};

/// A filter for attachments.
#[derive(Debug, Default, Clone, Args)]
pub struct Filter {
    /// Only this tenant's attachments
    #[arg(long, value_name = "NAME")]
    pub tenant: Option<String>,
    /// Only at this hook point
    #[arg(long, value_name = "NAME")]
    pub hook: Option<String>,
}

impl Filter {
    /// The filter as a query.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let parts = [("tenant", &self.tenant), ("hook", &self.hook)];
        parts.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect()
    }

    /// Whether it matches all attachments.
    pub fn is_empty(&self) -> bool {
        self.tenant.is_none() && self.hook.is_none()
    }

    /// Rejects names that the program does not know: of hook points, and of tenants that neither its policy names nor
    /// have attachments.
    pub fn known(&self, client: &Client) -> Result<()> {
        if let Some(hook) = &self.hook {
            hooks::hook_point(client, hook)?;
        }
        let Some(tenant) = &self.tenant else { return Ok(()) };
        let known: Tenants = client.get("/v1/tenants", &[])?;
        let names: Vec<&str> = known.tenants.iter().map(|tenant| tenant.name.as_str()).collect();
        exists("tenant", tenant, &names)
    }

    /// Rejects an attachment name that no matching attachment has.
    pub fn knows(&self, client: &Client, attachment: &str) -> Result<()> {
        self.known(client)?;
        let listed: Attachments = client.get("/v1/attachments", &self.query())?;
        let names: Vec<&str> = listed.attachments.iter().map(|attachment| attachment.name.as_str()).collect();
        exists("attachment", attachment, &names)
    }
}

fn exists(what: &str, name: &str, names: &[&str]) -> Result<()> {
    if names.contains(&name) {
        return Ok(());
    }
    let nearest = tenterhook::hooks::nearest(name, names.iter().copied()).map(str::to_owned);
    let message = match (&nearest, names) {
        (Some(_), _) => format!("no {what} {name}"),
        (None, []) => format!("no {what} {name}; there is none"),
        (None, _) => format!("no {what} {name}; `tenterhook list` shows what is attached"),
    };
    // The same error as the control plane's.
    let problem = Problem { code: "not_found".to_owned(), message, nearest, ..Problem::default() };
    Err(Refusal { status: 404, problem }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_a_query() {
        let filter = Filter { tenant: Some("acme".into()), hook: None };
        assert_eq!(filter.query(), [("tenant", "acme".to_owned())]);
    }

    #[test]
    fn a_name_that_nobody_has_is_answered_with_the_nearest() {
        let said = |name: &str, names: &[&str]| exists("tenant", name, names).err().map(|error| error.to_string());
        assert_eq!(said("acme", &["acme", "peer"]), None);
        assert_eq!(said("acne", &["acme", "peer"]).as_deref(), Some("no tenant acne; did you mean acme?"));
        assert_eq!(said("acne", &[]).as_deref(), Some("no tenant acne; there is none"));
        let far = said("somebody", &["acme"]).unwrap_or_default();
        assert!(far.contains("tenterhook list"), "{far}");
    }
}

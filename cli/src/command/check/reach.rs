//! The capabilities that the policy grants to a tenant's scripts.

use anyhow::Result;

use crate::setup::{PolicyArgs, Standing};

/// The capabilities that a policy grants to a tenant, and to others.
#[derive(Debug, Default)]
pub struct Reach {
    tenant: String,
    file: String,
    granted: Vec<String>,
    others: Vec<String>,
}

impl Reach {
    /// For a tenant whose grants are known.
    pub fn granted(standing: &Standing) -> Reach {
        let granted = standing.rules.grants.iter().map(|grant| grant.capability.clone()).collect();
        Reach { tenant: standing.tenant.clone(), granted, ..Reach::default() }
    }

    /// For the tenant that a script is checked for.
    pub fn of(policy: &PolicyArgs, standing: &Standing) -> Result<Reach> {
        let mut reach = Reach::granted(standing);
        if policy.policy.is_some() {
            let policy = policy.read()?;
            reach.file = policy.file().to_owned();
            for tenant in policy.tenants() {
                for hook in policy.hooks().chain(["any.hook"]) {
                    if let Ok(rules) = policy.resolve(tenant, hook) {
                        reach.others.extend(rules.grants.into_iter().map(|grant| grant.capability));
                    }
                }
            }
        }
        Ok(reach)
    }

    /// Whether the tenant has the capability of this name; only the program knows its functions.
    pub fn is_granted(&self, name: &str) -> bool {
        self.granted.iter().any(|granted| granted == name)
    }

    /// Why the tenant cannot use this name, if it is a capability.
    pub fn refusal(&self, name: &str) -> Option<String> {
        let known = !self.is_granted(name) && self.others.iter().any(|other| other == name);
        known.then(|| {
            format!(
                "capability '{name}' is not granted to {}; [[tenants.{}.grants]] in {} would grant it",
                self.tenant, self.tenant, self.file
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::setup::Overrides;

    #[test]
    fn a_capability_of_others_is_distinguished_from_an_unknown_name() -> Result<()> {
        let mut file = tempfile::NamedTempFile::new()?;
        write!(file, "[tenants.acme]\n[[tenants.peer.grants]]\ncapability = \"kv\"\nreason = \"keeps counts\"\n")?;
        let reach = |tenant: &str| -> Result<Reach> {
            let args = PolicyArgs { policy: Some(file.path().to_owned()), tenant: Some(tenant.to_owned()) };
            let standing = args.resolve("bgp.route_match", &Overrides::default())?.map_err(anyhow::Error::msg)?;
            Reach::of(&args, &standing)
        };
        let acme = reach("acme")?;
        let refusal = acme.refusal("kv").unwrap_or_default();
        assert!(
            refusal.starts_with("capability 'kv' is not granted to acme; [[tenants.acme.grants]] in "),
            "{refusal}"
        );
        assert_eq!((acme.refusal("whatever"), acme.is_granted("kv")), (None, false));
        let peer = reach("peer")?;
        assert_eq!((peer.refusal("kv"), peer.is_granted("kv")), (None, true));
        Ok(())
    }
}

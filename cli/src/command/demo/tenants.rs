//! Three tenants, their scripts and the policy over them.

use anyhow::{Context, Result};
use tenterhook::policies::{Budget, Policy};
use tenterhook::{AttachmentId, Host, Link, Request};

/// The demo's policy: tenants and budgets.
const POLICY: &str = include_str!("../../../demo/policy.toml");

/// The hook point that all three are attached to.
pub const HOOK: &str = "bgp.route_match";

/// A tenant and its script.
#[derive(Debug)]
pub struct Tenant {
    pub name: &'static str,
    pub script: &'static str,
    pub source: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
    /// The only cause by which its calls may fail; `None`: they must not fail.
    pub fault: Option<&'static str>,
}

/// The tenants in the order in which they run: the hostile ones first.
pub const TENANTS: [Tenant; 3] = [
    Tenant {
        name: "mallory",
        script: "mallory.lua",
        source: include_str!("../../../demo/mallory.lua"),
        about: "loops forever",
        fault: Some("fuel"),
    },
    Tenant {
        name: "bomber",
        script: "bomber.lua",
        source: include_str!("../../../demo/bomber.lua"),
        about: "doubles a string until memory is full, catching every error",
        fault: Some("memory"),
    },
    Tenant { name: "acme", script: "acme.lua", source: ACME, about: "an import policy: decides", fault: None },
];

/// The good script.
pub const ACME: &str = include_str!("../../../demo/acme.lua");

/// The demo's policy.
pub fn policy() -> Result<Policy> {
    Policy::parse(POLICY, "demo/policy.toml").context("the demo's policy")
}

/// An attached tenant.
pub struct Attached {
    pub tenant: &'static Tenant,
    pub budget: Budget,
    pub id: AttachmentId,
    link: Option<Link>,
}

impl Attached {
    /// Whether the tenant is hostile.
    pub fn is_hostile(&self) -> bool {
        self.tenant.fault.is_some()
    }

    /// Detaches the script.
    pub fn detach(&mut self) {
        self.link = None;
    }
}

/// Attaches all three.
pub fn attach(host: &Host) -> Result<Vec<Attached>> {
    let attach = |(order, tenant): (i32, &'static Tenant)| {
        let request = Request::new(HOOK, tenant.name, tenant.source).script(tenant.script).order(order);
        let link = host.attach(request).with_context(|| format!("attaching {}", tenant.script))?;
        let rules = host.policy().resolve(tenant.name, HOOK)?;
        Ok(Attached { tenant, budget: rules.budget, id: link.id(), link: Some(link) })
    };
    (0..).zip(&TENANTS).map(attach).collect()
}

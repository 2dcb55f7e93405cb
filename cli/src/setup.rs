//! From the user's arguments to a host with an attached script.
//!
//! ```text
//! --hook --socket ──▶ declaration     of the running program or the catalog; a suggestion if there is none
//! --policy --tenant ─▶ Rules         --fuel and --memory within the policy's ceilings
//! --script ────────▶ Script
//!                        └── attach ──▶ Attached { link, hook } | a script that does not load | an error
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use tenterhook::hooks::schema::Declaration;
use tenterhook::policies::{
    BudgetField, Bytes, Count, Fuel, Policy, Preset, Quota, Rules, State, Switch, UnknownTenant,
};
use tenterhook::{AttachError, DynamicHook, Fault, Host, Link, LogSink, Request};
use tenterhook_bgp::catalog;
use tenterhook_control_api::Hooks;

use crate::exit::PolicyRefuses;
use crate::input;
use crate::live::{self, Bundle, LiveArgs};
use crate::untimed;

/// The tenant of scripts that are run without a policy.
const LOCAL: &str = "local";

/// The rules for a script.
#[derive(Debug, Clone, Args)]
pub struct PolicyArgs {
    /// Policy file (TOML); without one the built-in default policy applies
    #[arg(long, value_name = "FILE", requires = "tenant")]
    pub policy: Option<PathBuf>,
    /// Tenant that the script runs for
    #[arg(long, value_name = "NAME")]
    pub tenant: Option<String>,
}

/// Changes of the rules by the command line.
#[derive(Debug, Clone, Default, Args)]
pub struct Overrides {
    /// Fuel per call, such as 500K or 10M; overrides the policy
    #[arg(long, value_name = "N")]
    pub fuel: Option<Fuel>,
    /// Memory per call, such as 512KiB or 4MiB; overrides the policy
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<Bytes>,
    /// Whether globals persist between calls; overrides the policy
    #[arg(long, value_name = "fresh|kept")]
    pub state: Option<State>,
}

/// The tenant and the rules of a script.
#[derive(Debug, Clone)]
pub struct Standing {
    pub tenant: String,
    pub rules: Rules,
}

/// A script from the command line.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Its file name, as tracebacks show it.
    pub name: String,
    pub source: Vec<u8>,
    /// The modules, by the name that `require` takes.
    pub modules: BTreeMap<String, Vec<u8>>,
}

/// The result of attaching, unless it is the user's error.
pub enum Attaching {
    /// The script is attached for as long as the link lives.
    Done { hook: DynamicHook, link: Link },
    /// The script does not load.
    Fault(Fault),
}

/// The hook points of the running program, or of the catalog if none is given.
pub fn hook_points(live: &LiveArgs) -> Result<Vec<Arc<Declaration>>> {
    let Some(client) = live.client_if_named()? else { return Ok(catalog::all().into_iter().cloned().collect()) };
    let listed: Hooks = client.get("/v1/hooks", &[])?;
    listed.hooks.iter().map(|hook| live::hook_point(&client, &hook.name)).collect()
}

/// The hook point of that name, of the running program or of the catalog.
pub fn hook_point(name: &str, live: &LiveArgs) -> Result<Arc<Declaration>> {
    match live.client_if_named()? {
        Some(client) => live::hook_point(&client, name),
        None => catalog_hook_point(name).cloned(),
    }
}

/// The Lua function that is called at the hook point of that name.
pub fn handler(hook: &str) -> &str {
    hook.rsplit('.').next().unwrap_or(hook)
}

/// The catalog's hook point of that name.
pub fn catalog_hook_point(name: &str) -> Result<&'static Arc<Declaration>> {
    catalog::find(name).ok_or_else(|| {
        let all = catalog::all();
        let known = || all.iter().map(|declaration| declaration.name.as_str());
        match tenterhook::hooks::nearest(name, known()) {
            Some(near) => anyhow!("no hook point {name}; did you mean {near}?"),
            None => anyhow!("no hook point {name}; expected one of {}", known().collect::<Vec<_>>().join(", ")),
        }
    })
}

/// The policy in a file.
pub fn read_policy(path: &Path) -> Result<Policy> {
    let name = input::name(path);
    let text = String::from_utf8(input::read(path, "policy")?);
    let text = text.with_context(|| format!("policy {name}: expected UTF-8 text"))?;
    Ok(Policy::parse(&text, &name)?)
}

/// So many calls per second that it is no limit.
const MOST_CALLS: Count = Count::new(1_000_000_000);

impl PolicyArgs {
    /// Reads the policy file, or takes the built-in default.
    pub fn read(&self) -> Result<Policy> {
        let Some(path) = &self.policy else { return Ok(Policy::preset(Preset::Default)) };
        read_policy(path)
    }

    /// The rules at the hook point, or why the policy rejects the tenant.
    pub fn resolve(&self, hook: &str, overrides: &Overrides) -> Result<Result<Standing, String>> {
        let policy = self.read()?;
        let tenant = self.tenant.clone().unwrap_or_else(|| LOCAL.to_owned());
        let mut rules = match policy.resolve(&tenant, hook) {
            Ok(rules) => rules,
            Err(refused @ UnknownTenant::NotNamed { .. }) => return Ok(Err(refused.to_string())),
            Err(UnknownTenant::Name(error)) => bail!("--tenant: {error}"),
        };
        // All failures are to be seen.
        rules.quarantine = Switch::Off;
        rules.quota = Quota { calls_per_second: MOST_CALLS, calls_burst: MOST_CALLS, ..rules.quota };
        // Without a policy only the hard bounds apply, because the user sets the limits.
        let ceilings = self.policy.is_some().then_some(&policy);
        for (field, value) in overrides.budget() {
            within(field, value, ceilings)?;
            rules.budget = rules.budget.with(field, value);
        }
        if let Some(state) = overrides.state {
            rules.state = state;
        }
        Ok(Ok(Standing { tenant, rules }))
    }
}

impl Overrides {
    fn budget(&self) -> impl Iterator<Item = (BudgetField, u64)> {
        let fuel = self.fuel.map(|fuel| (BudgetField::Fuel, fuel.get()));
        let memory = self.memory.map(|memory| (BudgetField::Memory, memory.get()));
        fuel.into_iter().chain(memory)
    }
}

/// Checks whether the command line may set the field to this value.
fn within(field: BudgetField, value: u64, policy: Option<&Policy>) -> Result<()> {
    let info = field.info();
    if value < info.min {
        bail!("--{}: expected at least {}, got {}", info.name, field.amount(info.min), field.amount(value));
    }
    let (most, whose) = match policy {
        Some(policy) => (policy.ceilings().get(field), format!(", the ceiling at {}", policy.ceiling_origin(field))),
        None => (info.max, String::new()),
    };
    if value > most {
        let message =
            format!("--{}: expected at most {}{whose}, got {}", info.name, field.amount(most), field.amount(value));
        return Err(match policy {
            Some(_) => PolicyRefuses(message).into(),
            None => anyhow!(message),
        });
    }
    Ok(())
}

impl From<Bundle> for Script {
    fn from(bundle: Bundle) -> Script {
        Script { name: bundle.script, source: bundle.source, modules: bundle.modules }
    }
}

impl Script {
    /// Reads the script; from a folder, the one of that handler and its modules.
    pub fn read(path: &Path, handler: &str) -> Result<Script> {
        Ok(Bundle::read(path, handler)?.into())
    }

    /// As [`Script::read`], for an unknown hook point: the folder's files show which of the handlers it has.
    pub fn read_of_any(path: &Path, handlers: &[&str]) -> Result<Script> {
        Ok(Bundle::read_of_any(path, handlers)?.into())
    }

    /// Attaches the script, alone, at a hook point of the host.
    pub fn attach(&self, host: &Host, of: &Arc<Declaration>, standing: &Standing) -> Result<Attaching> {
        let hook = host.declare_dynamic(&alone(of))?;
        Ok(match self.outcome(host.attach(self.request(of, standing)))? {
            Ok(link) => Attaching::Done { hook, link },
            Err(fault) => Attaching::Fault(fault),
        })
    }

    /// Loads the script for a hook point of the host and discards it; returns why it does not load, if it does not.
    pub fn load(&self, host: &Host, of: &Arc<Declaration>, standing: &Standing) -> Result<Option<Fault>> {
        host.declare_dynamic(&alone(of))?;
        Ok(self.outcome(host.check(self.request(of, standing)))?.err())
    }

    fn request(&self, of: &Declaration, standing: &Standing) -> Request {
        let request = Request::new(&of.name, &standing.tenant, self.source.clone());
        let request = request.script(&self.name).rules(standing.rules.clone());
        self.modules.iter().fold(request, |request, (name, source)| request.module(name, source.clone()))
    }

    /// Separates the script's faults from the user's errors.
    fn outcome<T>(&self, attached: Result<T, AttachError>) -> Result<Result<T, Fault>> {
        match attached {
            Ok(attached) => Ok(Ok(attached)),
            Err(AttachError::Load(fault)) => Ok(Err(fault)),
            Err(error) => Err(anyhow!(error).context(format!("script {}", self.name))),
        }
    }
}

/// The declaration, without its requirements, because the script is the only one there.
fn alone(of: &Arc<Declaration>) -> Arc<Declaration> {
    match of.required.is_empty() {
        true => Arc::clone(of),
        false => Arc::new(Declaration { required: Vec::new(), ..Declaration::clone(of) }),
    }
}

/// A host whose scripts log to `sink`. It calls scripts faster than any program would, and protects nothing.
pub fn host(sink: Arc<dyn LogSink>) -> Result<Host> {
    Host::builder().policy(untimed::policy()).log_sink(sink).build().context("the sandbox")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone() -> PolicyArgs {
        PolicyArgs { policy: None, tenant: None }
    }

    fn overrides(fuel: Option<u64>, memory: Option<u64>) -> Overrides {
        Overrides { fuel: fuel.map(Fuel::new), memory: memory.map(Bytes::new), state: None }
    }

    #[test]
    fn a_hook_point_that_is_nearly_right_is_named() {
        assert!(catalog_hook_point("bgp.route_match").is_ok());
        let error = catalog_hook_point("bgp.rout_match").map(|_| ()).expect_err("there is none");
        assert_eq!(error.to_string(), "no hook point bgp.rout_match; did you mean bgp.route_match?");
        let error = catalog_hook_point("x").map(|_| ()).expect_err("there is none").to_string();
        assert!(error.contains("expected one of bgp.route_match, "), "{error}");
    }

    #[test]
    fn without_a_policy_the_hard_bounds_hold() -> Result<()> {
        let resolve = |fuel| alone().resolve("bgp.route_match", &overrides(Some(fuel), None));
        for (fuel, good) in [(9_999, false), (10_000, true), (1_000_000_000_000, true), (1_000_000_000_001, false)] {
            assert_eq!(resolve(fuel).is_ok(), good, "{fuel}");
        }
        let error = resolve(9_999).map(|_| ()).expect_err("too little").to_string();
        assert_eq!(error, "--fuel: expected at least 10 K, got 9.999 K");
        let standing = alone().resolve("bgp.route_match", &overrides(None, Some(1 << 20)))?.expect("accepted");
        assert_eq!(standing.rules.budget.memory, Bytes::new(1 << 20));
        assert_eq!(standing.tenant, LOCAL);
        Ok(())
    }

    #[test]
    fn a_policy_s_ceilings_hold_for_the_command_line_too() {
        let policy = Policy::parse("[ceilings]\nfuel = \"20M\"\n", "p.toml").expect("a good policy");
        assert!(within(BudgetField::Fuel, 20_000_000, Some(&policy)).is_ok());
        let error = within(BudgetField::Fuel, 20_000_001, Some(&policy)).expect_err("over the ceiling");
        assert_eq!(error.to_string(), "--fuel: expected at most 20 M, the ceiling at p.toml:2, got 20000.001 K");
    }

    #[test]
    fn a_tenant_s_name_is_checked() {
        let args = PolicyArgs { policy: None, tenant: Some("a b".into()) };
        let error = args.resolve("bgp.route_match", &Overrides::default()).map(|_| ()).expect_err("no such name");
        assert!(error.to_string().starts_with("--tenant: \"a b\" is not a tenant name"), "{error}");
    }
}

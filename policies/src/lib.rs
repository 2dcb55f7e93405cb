//! What scripts may use, and what becomes of a call that went wrong: from TOML to types.
//!
//! A [`Policy`] is read from one file, checked as a whole, and asked for the [`Rules`] of one tenant at one hook
//! point. The rules say how much a call may use (its [`Budget`]), how much attachment and tenant may use over time and
//! in all (their [`Quota`]), what a fault or a denial turns into (its [`Dispositions`]), whether globals outlive a
//! call ([`State`]), which capabilities are given and why ([`Grant`]), and where each of these was written
//! ([`Origins`]).
//!
//! ```text
//! policy.toml ──nesting──► TOML ──read──► Section × (defaults, hooks, tenants, tenants' hooks)
//!                                   │
//!                                   ├─ Policy ──resolve(tenant, hook)──► Rules { budget, dispositions, … }
//!                                   └─ PolicyError: every problem, with file, line, column and key
//! ```
//!
//! # The file
//!
//! ```toml
//! preset = "default"            # what this file builds on: "default" (also when missing) or "strict"
//! unknown_tenants = "refuse"    # tenants that this file does not name: "refuse", or "default": the rules for every tenant
//!
//! [ceilings]                    # the most that anything below may grant; missing: as in the preset
//! fuel = "100M"
//! memory = "64MiB"
//!
//! [defaults]                    # for every tenant and hook point; missing: as in the preset
//! fuel = 5_000_000              # what one call may use: a budget
//! state = "fresh"               # or "kept"
//! memory_errors = "uncatchable" # or "catchable": Lua's "not enough memory", which pcall catches
//! deadline = "off"              # or a time such as "20ms", for hosts that were set up for deadlines
//! calls_per_second = 50_000     # of each attachment: a quota
//! calls_burst = 100_000
//! fuel_per_second = "10G"       # of each tenant, over all of its attachments
//! total_memory = "512MiB"
//! quarantine = "on"             # attachments that fault too often are taken out of the chain for a while
//! quarantine_faults = 20        # so many faults …
//! quarantine_window = "10s"     # … within so long
//! quarantine_backoff = "1s"     # for so long at first, then twice as long after each probe that faults
//! quarantine_backoff_max = "5min"
//!
//! [defaults.on_fault]           # fuel, memory, stack, script, answer, load, host, deadline, or any
//! any = "closed"                # what the hook point declares for when protection is missing; else its default
//! script = "default"            # the hook point's declared default
//! memory = "skip"               # as if the attachment were not there
//! answer = { result = { action = "NOMATCH" } }   # as if the script had answered this
//!
//! [defaults.on_denied]          # rate, fuel, quarantine, memory, busy, or any
//! any = "skip"
//!
//! [hooks."bgp.route_match"]     # for one hook point; the same keys as in [defaults]
//! fuel = "10M"
//! required = ["acme/import"]    # until these are attached and enabled, every invocation gives the closed result
//! closed = { action = "NOMATCH" }  # missing: as the hook point declares
//!
//! [tenants.acme]                # for one tenant; the same keys again
//! memory = "8MiB"
//!
//! [[tenants.acme.grants]]       # capabilities, each with the reason it was given
//! capability = "log"
//! reason = "acme debugs its own filters"
//!
//! [tenants.acme.hooks."bgp.route_match"]   # for one tenant at one hook point
//! fuel = "50M"
//!
//! [[operators]]                 # who may see and change what in a running host
//! user = "alice"                # or uid, group, gid
//! tenants = ["acme"]            # or ["*"]
//! may = "change"                # also when missing; or "see"
//!
//! [[placement]]                 # who may attach where; hook points without one are open to every tenant
//! hook = "bgp.route_match"      # or "*": hook points without a placement of their own
//! tenants = ["acme"]            # or ["*"]; of several, the first that lists the tenant counts
//! orders = [100, 199]           # missing: every order
//! ```
//!
//! Amounts are whole numbers (`5_000_000`) or strings with a unit: fuel and counts in decimal powers (`"500K"`,
//! `"10M"`, `"2G"`, `"1T"`), sizes as `"512B"`, `"64KiB"`, `"4MiB"`, `"1GiB"` or `"64KB"`, `"4MB"`, `"1GB"`, times as
//! `"250ms"`, `"10s"`, `"5min"`, `"1h"` (always with a unit); a fraction is fine when it comes to a whole number
//! (`"1.5MiB"`). No value means "unlimited"; [`BudgetField`] and [`QuotaField`] list every field with its hard bounds.
//!
//! Quotas that count over all hook points of a tenant ([`Scope::Tenant`]) stand in `[defaults]`, where they are each
//! tenant's, and in `[tenants.T]`; a section about a hook point cannot have them.
//!
//! # Which tenants there are
//!
//! A file names tenants in tables of their own, as operators' and placements' tenants, and as those of required
//! attachments. A file that names any refuses all others unless `unknown_tenants` says otherwise: a mistyped name must not
//! make a tenant. A file that names none takes every tenant, as the preset `default` does, so that a program works without
//! a policy; with the preset `strict` it takes none.
//!
//! # Which section counts
//!
//! The most specific one that says something, field by field: `tenants.T.hooks.H`, then `tenants.T`, then
//! `hooks.H`, then `defaults`, then the preset.
//!
//! For faults and denials a section "says something" about a cause if it names the cause *or* has `any`; within a
//! section the named cause comes first. So `any` in a more specific section beats a named cause in a less specific
//! one: who writes `any = "skip"` for a tenant means every fault of that tenant, and must not have to know which
//! causes some wider section happens to name today.
//!
//! # Example
//!
//! ```
//! use tenterhook_policies::{BudgetField, Fuel, Policy};
//!
//! let policy = Policy::parse("[tenants.acme]\nfuel = \"50M\"\n", "policy.toml")?;
//! let rules = policy.resolve("acme", "bgp.route_match")?;
//! assert_eq!(rules.budget.fuel, Fuel::new(50_000_000));
//! assert_eq!(rules.origins.field(BudgetField::Fuel).to_string(), "policy.toml:2");
//!
//! let error = Policy::parse("[tenants.acme]\nfule = 1\n", "policy.toml").unwrap_err();
//! assert_eq!(error.to_string(), "policy.toml:2:1: tenants.acme.fule: unknown key; did you mean `fuel`?");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod backoff;
mod budget;
mod cause;
mod ceiling;
mod disposition;
mod error;
mod grant;
mod key;
mod name;
mod nesting;
mod operator;
mod option;
mod origin;
mod placement;
mod policy;
mod preset;
mod quota;
mod read;
mod requirement;
mod rules;
mod section;
mod units;
mod word;

pub use budget::{Budget, BudgetField, FieldInfo, PAGE};
pub use cause::{DenialCause, FaultCause};
pub use ceiling::Ceilings;
pub use disposition::{Disposition, Dispositions, ResultValue};
pub use error::{PolicyError, Problem, ProblemKind};
pub use grant::Grant;
pub use name::{MAX_NAME, NameError, NameKind};
pub use nesting::MAX_NESTING;
pub use operator::{May, Operator, Who};
pub use option::{Deadline, MemoryErrors, Switch};
pub use origin::Origin;
pub use placement::{Orders, Place};
pub use policy::{MAX_FILE, OtherTenants, Policy, UnknownTenant};
pub use preset::Preset;
pub use quota::{Quota, QuotaField, QuotaInfo, Scope};
pub use requirement::{ClosedResult, Required, Requirement};
pub use rules::{Origins, Rules, State};
pub use units::{Amount, Bytes, Count, Fuel, Millis, Unit, UnitError};
pub use word::UnknownWord;

#[cfg(test)]
mod tests {
    use super::*;

    /// The file shown at the top is one that works.
    #[test]
    fn the_documented_file_is_valid() {
        let docs = include_str!("lib.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let text: Vec<_> =
            docs.skip_while(|line| line.trim() != "```toml").skip(1).take_while(|line| line.trim() != "```").collect();
        assert!(text.len() > 20, "the example is gone");
        let policy = Policy::parse(&text.join("\n"), "lib.rs").unwrap_or_else(|error| panic!("{error}"));
        let rules = policy.resolve("acme", "bgp.route_match").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rules.budget.fuel, Fuel::new(50_000_000));
        assert_eq!(rules.grants.len(), 1);
    }
}

//! Policies: what scripts may use, and what a failed call becomes, read from TOML into types.
//!
//! A [`Policy`] is read from one file and checked as a whole. It resolves to the [`Rules`] of one tenant at one hook
//! point. The rules contain the limits of a call ([`Budget`]), the limits of attachment and tenant over time and in
//! total ([`Quota`]), what a fault or a denial becomes ([`Dispositions`]), whether globals outlive a call ([`State`]),
//! the granted capabilities with their reasons ([`Grant`]), and the location of each of these in the file
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
//! preset = "default"            # the preset that this file extends: "default" (also when missing) or "strict"
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
//! deadline = "off"              # or a time such as "20ms", for hosts that were built with deadlines
//! calls_per_second = 50_000     # of each attachment: a quota
//! calls_burst = 100_000
//! fuel_per_second = "10G"       # of each tenant, over all of its attachments
//! total_memory = "512MiB"
//! quarantine = "on"             # takes attachments that fault too often out of the chain for a while
//! quarantine_faults = 20        # the number of faults …
//! quarantine_window = "10s"     # … within this time that cause quarantine
//! quarantine_backoff = "1s"     # the first duration, which doubles after each probe that faults
//! quarantine_backoff_max = "5min"
//!
//! [defaults.on_fault]           # fuel, memory, stack, script, answer, load, host, deadline, or any
//! any = "closed"                # the closed result that the hook point declares, or its default if it declares none
//! script = "default"            # the hook point's declared default
//! memory = "skip"               # skips the attachment
//! answer = { result = { verdict = "REFUSE" } }  # replaces the script's answer
//!
//! [defaults.on_denied]          # rate, fuel, quarantine, memory, busy, or any
//! any = "skip"
//!
//! [hooks."web.request"]         # for one hook point; the same keys as in [defaults]
//! fuel = "10M"
//! required = ["acme/limit"]     # until these are attached and enabled, every invocation gives the closed result
//! closed = { verdict = "REFUSE" }  # missing: as the hook point declares
//!
//! [tenants.acme]                # for one tenant; the same keys again
//! memory = "8MiB"
//!
//! [[tenants.acme.grants]]       # capabilities, each with the reason it was given
//! capability = "log"
//! reason = "acme debugs its own filters"
//!
//! [tenants.acme.hooks."web.request"]  # for one tenant at one hook point
//! fuel = "50M"
//!
//! [[operators]]                 # who may see and change what in a running host
//! user = "alice"                # or uid, group, gid
//! tenants = ["acme"]            # or ["*"]
//! may = "change"                # also when missing; or "see"
//!
//! [[placement]]                 # who may attach where; hook points without one are open to every tenant
//! hook = "web.request"          # or "*": hook points without a placement of their own
//! tenants = ["acme"]            # or ["*"]; of several, the first that lists the tenant counts
//! orders = [100, 199]           # missing: every order
//! ```
//!
//! Amounts are whole numbers (`5_000_000`) or strings with a unit: fuel and counts in decimal powers (`"500K"`,
//! `"10M"`, `"2G"`, `"1T"`), sizes as `"512B"`, `"64KiB"`, `"4MiB"`, `"1GiB"` or `"64KB"`, `"4MB"`, `"1GB"`, times as
//! `"250ms"`, `"10s"`, `"5min"`, `"1h"` (always with a unit); a fraction is allowed if the amount is a whole number
//! (`"1.5MiB"`). No value means "unlimited"; [`BudgetField`] and [`QuotaField`] list every field with its hard bounds.
//!
//! Quotas that count over all hook points of a tenant ([`Scope::Tenant`]) may be in `[defaults]`, where they apply to
//! each tenant, and in `[tenants.T]`; a section about a hook point cannot contain them.
//!
//! # Known tenants
//!
//! A file names tenants in tables of their own, as operators' and placements' tenants, and as those of required
//! attachments. A file that names any rejects all others unless `unknown_tenants` says otherwise, because a mistyped
//! name must not create a tenant. A file that names none accepts every tenant, as the preset `default` does, so that a
//! program works without a policy; with the preset `strict` it accepts none.
//!
//! # Precedence of sections
//!
//! For each field, the most specific section that sets it applies: `tenants.T.hooks.H`, then `tenants.T`, then
//! `hooks.H`, then `defaults`, then the preset.
//!
//! For faults and denials, a section sets a cause if it names the cause *or* has `any`; within a section the named
//! cause comes first. So `any` in a more specific section overrides a named cause in a less specific one: an author who
//! writes `any = "skip"` for a tenant means every fault of that tenant, and does not have to know which causes a wider
//! section names.
//!
//! # Example
//!
//! ```
//! use tenterhook_policies::{BudgetField, Fuel, Policy};
//!
//! let policy = Policy::parse("[tenants.acme]\nfuel = \"50M\"\n", "policy.toml")?;
//! let rules = policy.resolve("acme", "web.request")?;
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
mod text;
mod units;
mod unknown;
mod word;

pub use budget::{Budget, BudgetField, FieldInfo, PAGE};
pub use cause::{DenialCause, FaultCause};
pub use ceiling::Ceilings;
pub use disposition::{Disposition, Dispositions, ResultValue};
pub use error::{Diagnostic, DiagnosticKind, PolicyError};
pub use grant::Grant;
pub use name::{MAX_NAME, NameError, NameKind};
pub use nesting::{MAX_FILE, MAX_NESTING};
pub use operator::{May, Operator, Who};
pub use option::{Deadline, MemoryErrors, Switch};
pub use origin::Origin;
pub use placement::{AllowedOrders, Orders};
pub use policy::Policy;
pub use preset::Preset;
pub use quota::{Quota, QuotaField, QuotaInfo, Scope};
pub use requirement::{ClosedResult, Required, Requirement};
pub use rules::{Origins, Rules, State};
pub use units::{Amount, Bytes, Count, Fuel, Millis, Unit, UnitError};
pub use unknown::{OtherTenants, UnknownTenant};
pub use word::UnknownWord;

#[cfg(test)]
mod tests {
    use super::*;

    /// The file shown in the crate's documentation parses.
    #[test]
    fn the_documented_file_is_valid() {
        let docs = include_str!("lib.rs").lines().map_while(|line| line.strip_prefix("//!"));
        let text: Vec<_> =
            docs.skip_while(|line| line.trim() != "```toml").skip(1).take_while(|line| line.trim() != "```").collect();
        assert!(text.len() > 20, "the example is gone");
        let policy = Policy::parse(&text.join("\n"), "lib.rs").unwrap_or_else(|error| panic!("{error}"));
        let rules = policy.resolve("acme", "web.request").unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(rules.budget.fuel, Fuel::new(50_000_000));
        assert_eq!(rules.grants.len(), 1);
    }
}

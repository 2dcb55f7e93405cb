//! A policy: one file, read and checked as a whole, and what it says about a tenant at a hook point.

mod parse;
mod tables;

use std::array::from_fn;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::budget::{Budget, BudgetField};
use crate::cause::{DenialCause, FaultCause};
use crate::ceiling::Ceilings;
use crate::disposition::Dispositions;
use crate::grant::Grant;
use crate::key::{Key, PerKey};
use crate::name::NameKind;
use crate::operator::Operator;
use crate::option::Deadline;
use crate::origin::{Located, Origin};
use crate::placement::{AllowedOrders, EVERY, Placement, allowed_orders};
use crate::quota::{Quota, QuotaField};
use crate::read::nearest;
use crate::requirement::{ClosedResult, Requirement};
use crate::rules::{Origins, Rules};
use crate::section::{Defaults, Section};
use crate::unknown::{OtherTenants, UnknownTenant};

/// A policy file, read and checked as a whole.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) file: Arc<str>,
    others: OtherTenants,
    ceilings: PerKey<Located<u64>>,
    pub(crate) defaults: Defaults,
    pub(crate) hooks: BTreeMap<String, Section>,
    pub(crate) tenants: BTreeMap<String, Tenant>,
    operators: Vec<Located<Operator>>,
    placements: Vec<Located<Placement>>,
    requirements: BTreeMap<String, Requirement>,
}

/// What a policy says about one tenant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tenant {
    pub(crate) section: Section,
    pub(crate) hooks: BTreeMap<String, Section>,
    grants: Vec<Located<Grant>>,
}

impl Policy {
    /// Returns the rules of `tenant` at the hook point `hook`. The host checks whether such a hook point exists.
    ///
    /// # Errors
    ///
    /// The policy rejects tenants that it does not name, or no tenant can have this name.
    pub fn resolve(&self, tenant: &str, hook: &str) -> Result<Rules, UnknownTenant> {
        self.admit(tenant)?;
        let listed = self.tenants.get(tenant);
        // The sections are listed from the most to the least specific; the defaults apply to what none of them sets.
        let sections = [
            listed.and_then(|tenant| tenant.hooks.get(hook)),
            listed.map(|tenant| &tenant.section),
            self.hooks.get(hook),
        ];
        let grants = listed.map_or(&[][..], |tenant| &tenant.grants);
        let rules = self.rules(&sections.into_iter().flatten().collect::<Vec<_>>(), grants);
        Ok(Rules { closed: self.closed(hook), ..rules })
    }

    /// Checks whether the policy accepts the tenant.
    ///
    /// # Errors
    ///
    /// The policy rejects tenants that it does not name, or no tenant can have this name.
    pub fn admit(&self, tenant: &str) -> Result<(), UnknownTenant> {
        NameKind::Tenant.check(tenant)?;
        let named = self.named_tenants();
        if self.others == OtherTenants::Default || named.contains(tenant) {
            return Ok(());
        }
        let nearest = nearest(tenant, &named.into_iter().collect::<Vec<_>>()).map(str::to_owned);
        Err(UnknownTenant::NotNamed { tenant: tenant.to_owned(), file: self.file.clone(), nearest })
    }

    /// Every tenant that the file names: in a table of its own, among the tenants of operators and placements, or as
    /// the tenant of a required attachment.
    pub fn named_tenants(&self) -> BTreeSet<&str> {
        let operators = self.operators.iter().flat_map(|operator| operator.value.tenants.iter().map(String::as_str));
        let placements = self.placements.iter().flat_map(|placement| placement.value.tenants());
        let required = self.requirements.values().flat_map(|of| of.required.iter().map(|one| one.tenant.as_str()));
        let others = operators.filter(|tenant| *tenant != EVERY).chain(placements).chain(required);
        self.tenants.keys().map(String::as_str).chain(others).collect()
    }

    /// The attachments that the hook point `hook` requires, if the policy sets any.
    pub fn requirement(&self, hook: &str) -> Option<&Requirement> {
        self.requirements.get(hook)
    }

    /// The closed result of the hook point, if the policy sets one.
    fn closed(&self, hook: &str) -> Option<ClosedResult> {
        self.requirements.get(hook)?.closed.clone()
    }

    /// The hook points for which the policy sets requirements, sorted.
    pub fn requirements(&self) -> impl Iterator<Item = (&str, &Requirement)> {
        self.requirements.iter().map(|(hook, requirement)| (hook.as_str(), requirement))
    }

    /// The rules for every tenant and hook point, before more specific sections.
    pub fn defaults(&self) -> Rules {
        self.rules(&[], &[])
    }

    /// All rules at the hook point `hook`: those for tenants without a table of their own, if such tenants are
    /// accepted, then those of each tenant that has one.
    pub fn everybody(&self, hook: &str) -> impl Iterator<Item = Rules> {
        let others =
            (self.others == OtherTenants::Default || self.named_tenants().len() > self.tenants.len()).then(|| {
                let rules = self.rules(&self.hooks.get(hook).into_iter().collect::<Vec<_>>(), &[]);
                Rules { closed: self.closed(hook), ..rules }
            });
        let listed = self.tenants.keys().filter_map(move |tenant| self.resolve(tenant, hook).ok());
        others.into_iter().chain(listed)
    }

    /// Where the first deadline was set, if any, in the order of the sections. A host that was not built with deadlines
    /// rejects such a policy.
    pub fn first_deadline(&self) -> Option<&Origin> {
        let of_tenants = self.tenants.values().flat_map(|t| std::iter::once(&t.section).chain(t.hooks.values()));
        let sections = self.hooks.values().chain(of_tenants).filter_map(|section| section.deadline.as_ref());
        let mut all = std::iter::once(&self.defaults.deadline).chain(sections);
        all.find(|deadline| deadline.value != Deadline::OFF).map(|deadline| &deadline.origin)
    }

    /// The file, as it was named to [`parse`](Self::parse).
    pub fn file(&self) -> &str {
        &self.file
    }

    /// How the policy treats tenants that the file does not name.
    pub fn unknown_tenants(&self) -> OtherTenants {
        self.others
    }

    /// The most that this policy may grant.
    pub fn ceilings(&self) -> Ceilings {
        let ceiling = |key: Key| self.ceilings[key.index()].value;
        Ceilings::new(budget(|field| ceiling(Key::Budget(field))), quota(|field| ceiling(Key::Quota(field))))
    }

    /// Where the ceiling of a field of the budget was set.
    pub fn ceiling_origin(&self, field: BudgetField) -> &Origin {
        &self.ceilings[Key::Budget(field).index()].origin
    }

    /// Where the ceiling of a field of the quota was set; `None` for a field that has only its hard maximum.
    pub fn quota_ceiling_origin(&self, field: QuotaField) -> Option<&Origin> {
        field.info().has_ceiling.then(|| &self.ceilings[Key::Quota(field).index()].origin)
    }

    /// The tenants that have a table of their own, sorted.
    pub fn tenants(&self) -> impl Iterator<Item = &str> {
        self.tenants.keys().map(String::as_str)
    }

    /// The hook points that the policy names, for all tenants or for one of them, sorted. A host can compare them with
    /// those that it has.
    pub fn hooks(&self) -> impl Iterator<Item = &str> {
        let of_tenants = self.tenants.values().flat_map(|tenant| tenant.hooks.keys());
        let all: std::collections::BTreeSet<_> = self.hooks.keys().chain(of_tenants).map(String::as_str).collect();
        all.into_iter()
    }

    /// The hook points of [`Policy::hooks`], each with the location of the first setting about it; `None` if its
    /// sections are empty.
    pub fn hooks_written(&self) -> impl Iterator<Item = (&str, Option<&Origin>)> {
        self.hooks().map(|name| {
            let of_tenants = self.tenants.values().filter_map(move |tenant| tenant.hooks.get(name));
            let sections = self.hooks.get(name).into_iter().chain(of_tenants);
            (name, sections.filter_map(Section::first).min_by_key(|origin| origin.line))
        })
    }

    /// The users who may see and change attachments in a running host, in the order of the file, and where each was
    /// set.
    pub fn operators(&self) -> impl Iterator<Item = (&Operator, &Origin)> {
        self.operators.iter().map(|operator| (&operator.value, &operator.origin))
    }

    /// Whether `tenant` may attach at the hook point `hook`, and with which orders.
    pub fn allowed_orders(&self, tenant: &str, hook: &str) -> AllowedOrders {
        allowed_orders(&self.placements, tenant, hook)
    }

    /// Returns the rules that result from `sections`, the most specific first, and then the defaults.
    fn rules(&self, sections: &[&Section], grants: &[Located<Grant>]) -> Rules {
        let amount =
            |key: Key| sections.iter().find_map(|section| section.amount(key)).unwrap_or(self.defaults.amount(key));
        let fault = |cause: FaultCause| {
            sections.iter().find_map(|section| section.fault(cause)).unwrap_or(self.defaults.fault(cause))
        };
        let denial = |cause: DenialCause| {
            sections.iter().find_map(|section| section.denial(cause)).unwrap_or(self.defaults.denial(cause))
        };
        let state = sections.iter().find_map(|s| s.state.as_ref()).unwrap_or(&self.defaults.state);
        let memory_errors =
            sections.iter().find_map(|s| s.memory_errors.as_ref()).unwrap_or(&self.defaults.memory_errors);
        let deadline = sections.iter().find_map(|s| s.deadline.as_ref()).unwrap_or(&self.defaults.deadline);
        let quarantine = sections.iter().find_map(|s| s.quarantine.as_ref()).unwrap_or(&self.defaults.quarantine);

        let mut dispositions = Dispositions::default();
        for cause in FaultCause::ALL {
            dispositions.set_fault(cause, fault(cause).value.clone());
        }
        for cause in DenialCause::ALL {
            dispositions.set_denial(cause, denial(cause).value.clone());
        }
        Rules {
            budget: budget(|field| amount(Key::Budget(field)).value),
            quota: quota(|field| amount(Key::Quota(field)).value),
            dispositions,
            state: state.value,
            memory_errors: memory_errors.value,
            deadline: deadline.value,
            quarantine: quarantine.value,
            grants: grants.iter().map(|grant| grant.value.clone()).collect(),
            closed: None,
            origins: Origins {
                amounts: per_key(|key| amount(key).origin.clone()),
                state: state.origin.clone(),
                memory_errors: memory_errors.origin.clone(),
                deadline: deadline.origin.clone(),
                quarantine: quarantine.origin.clone(),
                faults: FaultCause::ALL.map(|cause| fault(cause).origin.clone()),
                denials: DenialCause::ALL.map(|cause| denial(cause).origin.clone()),
                grants: grants.iter().map(|grant| grant.origin.clone()).collect(),
            },
        }
    }
}

/// One value for each key.
fn per_key<T>(value: impl Fn(Key) -> T) -> PerKey<T> {
    let mut keys = Key::all();
    // The iterator yields one key per element.
    from_fn(|_| value(keys.next().unwrap_or(Key::Budget(BudgetField::Fuel))))
}

/// The quota with these values.
fn quota(value: impl Fn(QuotaField) -> u64) -> Quota {
    QuotaField::ALL.into_iter().fold(Quota::DEFAULT, |quota, field| quota.with(field, value(field)))
}

/// The budget with these values.
fn budget(value: impl Fn(BudgetField) -> u64) -> Budget {
    BudgetField::ALL.into_iter().fold(Budget::DEFAULT, |budget, field| budget.with(field, value(field)))
}

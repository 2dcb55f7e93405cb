//! Loads a script for a hook point: the part of attaching that takes time and can fail.

use std::sync::Arc;

use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{Budget, BudgetField, Bytes, Fuel, PAGE, QuotaField, Rules, State};
use tenterhook_sandbox::{HostWork, Image, Pool, Script};

use super::attachment::Attachment;
use super::error::AttachError;
use super::hint::hinted;
use super::inner::Inner;
use super::request::Request;
use super::table::Slot;
use crate::admit::{self, Claim, Gate, Tenant};
use crate::capability::{Capabilities, Capability, Context};
use crate::id::AttachmentId;
use crate::observe::{Lineage, Stats, Subject};
use crate::verdict::Verdicts;

/// The bytes that an attachment takes beside its image and its sources: its rules with their origins, its names, the
/// counters of the shelves that it was called on. `benches/benches/footprint.rs` measures them.
const BOOKKEEPING: usize = 8 << 10;

impl Inner {
    /// Checks the request against the policy, runs the script once and takes its image; it changes no table.
    pub fn load(
        &self,
        slot: &Slot,
        request: Request,
        id: AttachmentId,
        instead_of: Option<&Claim>,
    ) -> Result<Attachment, AttachError> {
        let declaration = &slot.declaration;
        check_name(&request.name)?;
        let bundle = request.bundle;
        bundle.check()?;
        if let Some((fingerprint, older)) = &request.fingerprint
            && *fingerprint != declaration.fingerprint()
        {
            let difference = match older {
                Some(older) => declaration.difference(older),
                None => vec![format!("- {fingerprint}"), format!("+ {}", declaration.fingerprint())],
            };
            return Err(AttachError::Changed { hook: declaration.name.clone(), difference });
        }
        let policy = self.policy.load_full();
        let rules = match request.rules {
            Some(rules) => rules,
            None => policy.resolve(&request.tenant, &declaration.name)?,
        };
        self.check_rules(declaration, &rules)?;
        // For the tenant's own quotas, the host's policy applies.
        let of_tenant = admit::tenant_rules(&policy, &request.tenant);
        let (tenant, loading) = (request.tenant.clone(), request.loading);
        let exceeded = |rules: &Rules, exceeded| AttachError::quota(&tenant, rules, exceeded);
        let (size, most) = (bundle.size() as u64, rules.quota.script_size.get());
        if size > most {
            let field = QuotaField::ScriptSize;
            return Err(exceeded(&rules, admit::Exceeded { field, limit: most, used: 0, asked: size }));
        }
        let account = self.tenants.get(&tenant, &self.policy);
        account.admit_load(loading).map_err(|field| {
            let (limit, set_at) = (of_tenant.quota.get(field), of_tenant.origins.quota(field).clone());
            AttachError::Loads { tenant: tenant.clone(), field, limit: field.amount(limit), set_at: Box::new(set_at) }
        })?;
        let mut claim = Claim::attachment(&account, instead_of).map_err(|e| exceeded(&of_tenant, e))?;
        if request.kept {
            claim.disk(bundle.disk_size() as u64, instead_of).map_err(|e| exceeded(&of_tenant, e))?;
        }
        let verdicts = Verdicts::new(declaration, &rules)?;
        let asked_state = request.state;
        let state = asked_state.unwrap_or(rules.state);
        let subject = Subject {
            tenant: request.tenant.as_str().into(),
            attachment: request.name.as_str().into(),
            hook: declaration.name.as_str().into(),
            id: Some(id),
        };
        let context = Arc::new(Context {
            subject,
            tenant: request.tenant,
            attachment: request.name.clone(),
            script: request.script,
            capabilities: self.capabilities(&rules),
            account: Arc::clone(&account),
        });
        let budget = Budget { fuel: rules.quota.load_fuel, ..rules.budget };
        let chunk = bundle.chunk(&context.script).map_err(AttachError::Load)?;
        let script = Script { declaration, name: &context.script, source: &chunk, memory_errors: rules.memory_errors };
        let work = Arc::clone(&context) as Arc<dyn HostWork>;
        let (image, fuel) = self.executors.sandbox.load(&script, work, &budget, self.executors.make());
        account.charge_load(loading, fuel);
        let image = image.map_err(|fault| AttachError::Load(hinted(fault, &bundle, &context.script)))?;
        check_image(&image, &rules)?;
        let bytes = image.footprint() + bundle.size() + BOOKKEEPING;
        claim.image(bytes as u64, instead_of).map_err(|e| exceeded(&of_tenant, e))?;
        let shared = &self.executors.shared;
        let shelves = match state {
            State::Fresh => (Arc::clone(shared), Some(account.reserve())),
            State::Kept => (Arc::new(Pool::new(shared.shelves())), None),
        };
        let (subject, events) = (context.subject.clone(), Arc::clone(&self.events));
        let gate = Gate::new(&rules, Arc::clone(&account), shelves, subject, events);
        let (lineage, stats, is_first) = self.stats_for(slot, id, &account, gate.shelves());
        let (name, sha256) = (request.name, bundle.sha256());
        Ok(Attachment {
            id,
            name,
            context,
            image,
            rules,
            state,
            asked_state,
            verdicts,
            gate,
            claim,
            bundle,
            sha256,
            lineage,
            stats,
            is_first,
        })
    }

    /// Checks what only a program's own rules can get wrong, not a policy file.
    fn check_rules(&self, declaration: &Declaration, rules: &Rules) -> Result<(), AttachError> {
        let origin = |field| Box::new(rules.origins.field(field).clone());
        // The script needs at least one page beyond what the interpreter starts with.
        let needed = self.executors.sandbox.base_memory() as u64 + PAGE.get();
        if rules.budget.memory.get() < needed {
            let (limit, needed) = (rules.budget.memory, Bytes::new(needed));
            return Err(AttachError::LittleMemory { limit, needed, set_at: origin(BudgetField::Memory) });
        }
        // This concerns a program's own rules: a deadline in a file was rejected with the file.
        if rules.deadline.get().is_some() && !self.executors.sandbox.start_ticks() {
            return Err(AttachError::Deadline { set_at: Box::new(rules.origins.deadline().clone()) });
        }
        let needed = declaration.head() as u64;
        if rules.budget.args.get() < needed {
            let (hook, limit, needed) = (declaration.name.clone(), rules.budget.args, Bytes::new(needed));
            return Err(AttachError::LittleArguments { hook, limit, needed, set_at: origin(BudgetField::Args) });
        }
        Ok(())
    }

    /// Counters for a script, added to those of the script that it replaces; and whether it replaces none.
    fn stats_for(
        &self,
        slot: &Slot,
        id: AttachmentId,
        account: &Tenant,
        shelves: usize,
    ) -> (Arc<Lineage>, Arc<Stats>, bool) {
        let old = slot.find(id);
        let is_first = old.is_none();
        let new = || Arc::new(Lineage::new(Arc::clone(&account.totals)));
        let lineage = old.map_or_else(new, |old| Arc::clone(&old.attachment.lineage));
        let stats = lineage.begin(if self.statistics { shelves } else { 0 });
        (lineage, stats, is_first)
    }

    /// The log, which everyone has, and the granted capabilities.
    fn capabilities(&self, rules: &Rules) -> Capabilities {
        let granted = |c: &&Arc<dyn Capability>| {
            c.library() == "log" || rules.grants.iter().any(|grant| grant.capability == c.library())
        };
        Capabilities::new(self.capabilities.iter().filter(granted).cloned().collect())
    }
}

/// Checks that calls can start from the image: the policy allows its size, and a call's fuel is enough to restore it.
fn check_image(image: &Image, rules: &Rules) -> Result<(), AttachError> {
    let (size, budget) = (Bytes::new(image.memory_size() as u64), &rules.budget);
    let set_at = |field| Box::new(rules.origins.field(field).clone());
    if size > budget.image {
        return Err(AttachError::LargeImage { size, limit: budget.image, set_at: set_at(BudgetField::Image) });
    }
    let (needed, limit) = (Fuel::new(image.fuel), budget.fuel);
    if needed > limit {
        return Err(AttachError::LittleFuel { size, needed, limit, set_at: set_at(BudgetField::Fuel) });
    }
    Ok(())
}

fn check_name(name: &str) -> Result<(), AttachError> {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'-');
    if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.bytes().all(allowed) {
        return Err(AttachError::Name { name: name.to_owned() });
    }
    Ok(())
}

//! Why something was not attached, or not changed.

use tenterhook_policies::{Amount, Bytes, Fuel, Origin, QuotaField, Rules, UnknownTenant};
use tenterhook_sandbox::Fault;
use thiserror::Error;

use super::last_change::LastChange;
use crate::admit::Exceeded;
use crate::id::AttachmentId;
use crate::verdict::DispositionError;

/// The attachment is not there any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("attachment {0} is gone")]
pub struct Gone(pub AttachmentId);

/// Why a script was not attached. Nothing changed.
#[derive(Debug, Clone, Error)]
pub enum AttachError {
    /// There is no such hook point.
    #[error("no hook point {name}{}", nearest.as_ref().map(|n| format!("; did you mean {n}?")).unwrap_or_default())]
    NoHookPoint {
        /// The name asked for.
        name: String,
        /// The nearest there is.
        nearest: Option<String>,
    },
    /// The policy has no rules for the tenant.
    #[error(transparent)]
    Tenant(#[from] UnknownTenant),
    /// A name that is empty, longer than 64 bytes or not made of letters, digits, `_`, `.` and `-`.
    #[error("attachment name {name:?}: expected 1 to 64 letters, digits, '_', '.' or '-'")]
    Name {
        /// The name.
        name: String,
    },
    /// The tenant has an attachment of that name at the hook point.
    #[error("{tenant} already has an attachment {name} at {hook}")]
    Exists {
        /// The hook point.
        hook: String,
        /// The tenant.
        tenant: String,
        /// The name.
        name: String,
    },
    /// The script was written against another shape of the hook point.
    #[error("{hook} has changed since the script was written for it:\n{}", difference.join("\n"))]
    Changed {
        /// The hook point.
        hook: String,
        /// What changed, one line each.
        difference: Vec<String>,
    },
    /// A disposition of the policy does not fit the hook point.
    #[error(transparent)]
    Disposition(#[from] DispositionError),
    /// The policy does not let the tenant attach at the hook point.
    #[error("{tenant} may not attach at {hook}: no placement lists it (first at {origin})")]
    Placement {
        /// The tenant.
        tenant: String,
        /// The hook point.
        hook: String,
        /// Where the hook point's first placement is written.
        origin: Box<Origin>,
    },
    /// The policy does not let the tenant's attachments have this order.
    #[error("order {order} of {tenant} at {hook}: expected {min} to {max} (set at {origin})")]
    Order {
        /// The order asked for, or that of the attachment to go beside.
        order: i32,
        /// The lowest that the policy allows.
        min: i32,
        /// The highest that the policy allows.
        max: i32,
        /// The tenant.
        tenant: String,
        /// The hook point.
        hook: String,
        /// Where that is written.
        origin: Box<Origin>,
    },
    /// Nothing fits between the attachment and its neighbour any more.
    #[error("no room beside attachment {beside}: move it to another order first")]
    NoRoom {
        /// The attachment to go beside.
        beside: AttachmentId,
    },
    /// The change was made against another revision.
    #[error("the change was made against revision {revision}, the attachment is at {current}: {last}")]
    Stale {
        /// What it was made against.
        revision: u64,
        /// What there is.
        current: u64,
        /// Who changed it last, and when.
        last: LastChange,
    },
    /// A module's name that cannot be, or too many modules.
    #[error("module {name:?}: {reason}")]
    Module {
        /// The name.
        name: String,
        /// What was expected.
        reason: String,
    },
    /// The tenant, or the attachment, would have more than the policy gives it.
    #[error(
        "tenant {tenant}: {}: {asked} asked for{}, expected at most {limit} (set at {set_at})",
        field.info().name,
        if used.value == 0 { String::new() } else { format!(" beside {used} in use") }
    )]
    Quota {
        /// The tenant.
        tenant: String,
        /// What there is too little of.
        field: QuotaField,
        /// How much it may have.
        limit: Amount,
        /// How much it has.
        used: Amount,
        /// How much more was asked for.
        asked: Amount,
        /// Where the limit was written.
        set_at: Box<Origin>,
    },
    /// The tenant has used up its rate of loads, or its rate of fuel, which loading uses too; it earns more as time goes on.
    #[error("tenant {tenant}: {} is used up, and loading is charged to it: at most {limit} (set at {set_at}); try again later", field.info().name)]
    Loads {
        /// The tenant.
        tenant: String,
        /// `loads_per_second` or `fuel_per_second`.
        field: QuotaField,
        /// How much of it there is.
        limit: Amount,
        /// Where that was written.
        set_at: Box<Origin>,
    },
    /// The budget of memory is under what the interpreter needs before the script has done anything.
    #[error("the budget of memory is {limit} (set at {set_at}); the interpreter needs {needed}")]
    LittleMemory {
        /// The budget.
        limit: Bytes,
        /// What it would have to be at least.
        needed: Bytes,
        /// Where it was written.
        set_at: Box<Origin>,
    },
    /// What the script's memory came to when it had loaded is more than the policy gives.
    #[error(
        "the script's image would be {size}, expected at most {limit} (image, set at {set_at}), as every call restores it"
    )]
    LargeImage {
        /// What it came to.
        size: Bytes,
        /// The budget.
        limit: Bytes,
        /// Where it was written.
        set_at: Box<Origin>,
    },
    /// Bringing memory back to the script's image takes more fuel than a call has.
    #[error(
        "the script's image is {size}: bringing it back takes {needed} of fuel in every call, expected at most {limit} \
         (fuel, set at {set_at})"
    )]
    LittleFuel {
        /// What the image came to.
        size: Bytes,
        /// What each call pays for it.
        needed: Fuel,
        /// The budget of fuel.
        limit: Fuel,
        /// Where it was written.
        set_at: Box<Origin>,
    },
    /// The budget of arguments is under what every call of the hook point takes, whatever is in it.
    #[error("the budget of arguments is {limit} (set at {set_at}); every call of {hook} takes at least {needed}")]
    LittleArguments {
        /// The hook point.
        hook: String,
        /// The budget.
        limit: Bytes,
        /// What it would have to be at least.
        needed: Bytes,
        /// Where it was written.
        set_at: Box<Origin>,
    },
    /// The rules have a deadline, and the host was not set up for deadlines, or got no thread to count time.
    #[error("there is a deadline (set at {set_at}), and this host was built without deadlines")]
    Deadline {
        /// Where it was written.
        set_at: Box<Origin>,
    },
    /// The script did not load.
    #[error("the script did not load: {0}")]
    Load(Fault),
    /// The attachment is gone.
    #[error(transparent)]
    Gone(#[from] Gone),
}

impl AttachError {
    /// A quota is used up, which `rules` says.
    pub(crate) fn quota(tenant: &str, rules: &Rules, exceeded: Exceeded) -> AttachError {
        let Exceeded { field, limit, used, asked } = exceeded;
        AttachError::Quota {
            tenant: tenant.to_owned(),
            field,
            limit: field.amount(limit),
            used: field.amount(used),
            asked: field.amount(asked),
            set_at: Box::new(rules.origins.quota(field).clone()),
        }
    }
}

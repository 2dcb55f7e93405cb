//! Why a script was not attached, or an attachment not changed.

use tenterhook_policies::{Amount, Bytes, Fuel, Origin, QuotaField, Rules, UnknownTenant};
use tenterhook_sandbox::Fault;
use thiserror::Error;

use super::last_change::LastChange;
use crate::admit::Exceeded;
use crate::id::AttachmentId;
use crate::verdict::DispositionError;

/// The attachment no longer exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("attachment {0} is gone")]
pub struct Gone(pub AttachmentId);

/// Why a script was not attached. Nothing changed.
#[derive(Debug, Clone, Error)]
pub enum AttachError {
    /// The hook point does not exist.
    #[error("no hook point {name}{}", nearest.as_ref().map(|n| format!("; did you mean {n}?")).unwrap_or_default())]
    NoHookPoint {
        /// The requested name.
        name: String,
        /// The nearest known name.
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
    /// The tenant already has an attachment of that name at the hook point.
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
    /// The policy does not allow the tenant to attach at the hook point.
    #[error("{tenant} is not allowed to attach at {hook}: no placement lists it (first at {origin})")]
    Placement {
        /// The tenant.
        tenant: String,
        /// The hook point.
        hook: String,
        /// Where the hook point's first placement is.
        origin: Box<Origin>,
    },
    /// The policy does not allow this order to the tenant.
    #[error("order {order} of {tenant} at {hook}: expected {min} to {max} (set at {origin})")]
    Order {
        /// The requested order, or that of the attachment beside which it was to be placed.
        order: i32,
        /// The lowest that the policy allows.
        min: i32,
        /// The highest that the policy allows.
        max: i32,
        /// The tenant.
        tenant: String,
        /// The hook point.
        hook: String,
        /// Where the band of orders is set.
        origin: Box<Origin>,
    },
    /// There is no rank left between the attachment and its neighbour.
    #[error("no room beside attachment {beside}: move it to another order first")]
    NoRoom {
        /// The attachment beside which it was to be placed.
        beside: AttachmentId,
    },
    /// The change was made against another revision.
    #[error("the change was made against revision {revision}, the attachment is at {current}: {last}")]
    Stale {
        /// The revision that it was made against.
        revision: u64,
        /// The current revision.
        current: u64,
        /// Who made the last change, and when.
        last: LastChange,
    },
    /// An invalid module name, or too many modules.
    #[error("module {name:?}: {reason}")]
    Module {
        /// The name.
        name: String,
        /// What was expected.
        reason: String,
    },
    /// The tenant, or the attachment, would exceed a quota.
    #[error(
        "tenant {tenant}: {}: {asked} requested{}, expected at most {limit} (set at {set_at})",
        field.info().name,
        if used.value == 0 { String::new() } else { format!(" in addition to {used} in use") }
    )]
    Quota {
        /// The tenant.
        tenant: String,
        /// The quota.
        field: QuotaField,
        /// Its limit.
        limit: Amount,
        /// What is in use.
        used: Amount,
        /// What was requested in addition.
        asked: Amount,
        /// Where the limit is set.
        set_at: Box<Origin>,
    },
    /// The tenant's rate of loads, or its rate of fuel, to which loading is charged too, is used up; it is replenished
    /// over time.
    #[error("tenant {tenant}: {} is used up, and loading is charged to it: at most {limit} (set at {set_at}); try again later", field.info().name)]
    Loads {
        /// The tenant.
        tenant: String,
        /// `loads_per_second` or `fuel_per_second`.
        field: QuotaField,
        /// The rate.
        limit: Amount,
        /// Where it is set.
        set_at: Box<Origin>,
    },
    /// The memory budget is below what the interpreter alone needs.
    #[error("the budget of memory is {limit} (set at {set_at}); the interpreter needs {needed}")]
    LittleMemory {
        /// The budget.
        limit: Bytes,
        /// The smallest possible budget.
        needed: Bytes,
        /// Where it is set.
        set_at: Box<Origin>,
    },
    /// The memory of the loaded script exceeds the policy's `image`.
    #[error(
        "the script's image would be {size}, expected at most {limit} (image, set at {set_at}), as every call restores it"
    )]
    LargeImage {
        /// The size of the image.
        size: Bytes,
        /// The budget.
        limit: Bytes,
        /// Where it is set.
        set_at: Box<Origin>,
    },
    /// Restoring the script's image takes more fuel than a call has.
    #[error(
        "the script's image is {size}: bringing it back takes {needed} of fuel in every call, expected at most {limit} \
         (fuel, set at {set_at})"
    )]
    LittleFuel {
        /// The size of the image.
        size: Bytes,
        /// The fuel that each call is charged for it.
        needed: Fuel,
        /// The budget of fuel.
        limit: Fuel,
        /// Where it is set.
        set_at: Box<Origin>,
    },
    /// The budget of arguments is below what every call of the hook point takes.
    #[error("the budget of arguments is {limit} (set at {set_at}); every call of {hook} takes at least {needed}")]
    LittleArguments {
        /// The hook point.
        hook: String,
        /// The budget.
        limit: Bytes,
        /// The smallest possible budget.
        needed: Bytes,
        /// Where it is set.
        set_at: Box<Origin>,
    },
    /// The rules set a deadline, and the host was built without deadlines, or could not start the thread that counts
    /// time.
    #[error("there is a deadline (set at {set_at}), and this host was built without deadlines")]
    Deadline {
        /// Where it is set.
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
    /// The error for a quota that is used up, with its limit from `rules`.
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

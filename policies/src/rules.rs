//! Rules: what a policy sets for one tenant at one hook point.

use crate::budget::{Budget, BudgetField};
use crate::cause::{DenialCause, FaultCause};
use crate::disposition::Dispositions;
use crate::grant::Grant;
use crate::key::{Key, PerKey};
use crate::option::{Deadline, MemoryErrors, Switch};
use crate::origin::Origin;
use crate::quota::{Quota, QuotaField};
use crate::requirement::ClosedResult;
use crate::word::words;

words! {
    /// What a call finds in the script's globals.
    pub enum State is "state" {
        /// Their values after the load: no call sees what another one changed.
        Fresh = "fresh",
        /// Their values after the previous call on the same executor.
        Kept = "kept",
    }
}

/// What a policy sets for one tenant at one hook point; made by [`Policy::resolve`](crate::Policy::resolve).
#[derive(Clone, PartialEq, Debug)]
pub struct Rules {
    /// What a call may use.
    pub budget: Budget,
    /// What the attachment may use over time and in total, and its tenant over all of its attachments.
    pub quota: Quota,
    /// What faults and denials become.
    pub dispositions: Dispositions,
    /// Whether globals outlive a call.
    pub state: State,
    /// Whether scripts can catch running out of memory.
    pub memory_errors: MemoryErrors,
    /// How long a call may take in wall-clock time.
    pub deadline: Deadline,
    /// Whether attachments that fault too often are taken out of the chain for a while.
    pub quarantine: Switch,
    /// The tenant's capabilities, in the order of the file.
    pub grants: Vec<Grant>,
    /// The closed result at the hook point, in place of the declared one.
    pub closed: Option<ClosedResult>,
    /// Where each of these was set.
    pub origins: Origins,
}

/// Where each part of [`Rules`] was set.
#[derive(Clone, PartialEq, Debug)]
pub struct Origins {
    pub(crate) amounts: PerKey<Origin>,
    pub(crate) state: Origin,
    pub(crate) memory_errors: Origin,
    pub(crate) deadline: Origin,
    pub(crate) quarantine: Origin,
    pub(crate) faults: [Origin; FaultCause::ALL.len()],
    pub(crate) denials: [Origin; DenialCause::ALL.len()],
    pub(crate) grants: Vec<Origin>,
}

impl Origins {
    /// Where a field of the budget was set.
    pub fn field(&self, field: BudgetField) -> &Origin {
        &self.amounts[Key::Budget(field).index()]
    }

    /// Where a field of the quota was set.
    pub fn quota(&self, field: QuotaField) -> &Origin {
        &self.amounts[Key::Quota(field).index()]
    }

    /// Where `state` was set.
    pub fn state(&self) -> &Origin {
        &self.state
    }

    /// Where `memory_errors` was set.
    pub fn memory_errors(&self) -> &Origin {
        &self.memory_errors
    }

    /// Where the deadline was set.
    pub fn deadline(&self) -> &Origin {
        &self.deadline
    }

    /// Where `quarantine` was set.
    pub fn quarantine(&self) -> &Origin {
        &self.quarantine
    }

    /// Where the disposition of a fault was set: under its own name, or as `any`.
    pub fn fault(&self, cause: FaultCause) -> &Origin {
        &self.faults[cause as usize]
    }

    /// Where the disposition of a denial was set: under its own name, or as `any`.
    pub fn denial(&self, cause: DenialCause) -> &Origin {
        &self.denials[cause as usize]
    }

    /// Where the grants were set, in the order of [`Rules::grants`].
    pub fn grants(&self) -> &[Origin] {
        &self.grants
    }
}

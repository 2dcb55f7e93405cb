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
        /// What they were when the program had been loaded: no call sees what another one changed.
        Fresh = "fresh",
        /// What the last call on the same executor left in them.
        Kept = "kept",
    }
}

/// What a policy says about one tenant at one hook point; made by [`Policy::resolve`](crate::Policy::resolve).
#[derive(Clone, PartialEq, Debug)]
pub struct Rules {
    /// What a call may use.
    pub budget: Budget,
    /// What the attachment may use over time and in all, and what its tenant may over all of its attachments.
    pub quota: Quota,
    /// What faults and denials turn into.
    pub dispositions: Dispositions,
    /// Whether globals outlive a call.
    pub state: State,
    /// Whether scripts can catch running out of memory.
    pub memory_errors: MemoryErrors,
    /// How long a call may take by the clock.
    pub deadline: Deadline,
    /// Whether attachments that fault too often are taken out of the chain for a while.
    pub quarantine: Switch,
    /// The tenant's capabilities, in the order of the file.
    pub grants: Vec<Grant>,
    /// What closed is at the hook point, instead of what that declares.
    pub closed: Option<ClosedResult>,
    /// Where each of these was written.
    pub origins: Origins,
}

/// Where each part of [`Rules`] was written.
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
    /// Where a field of the budget was written.
    pub fn field(&self, field: BudgetField) -> &Origin {
        &self.amounts[Key::Budget(field).index()]
    }

    /// Where a field of the quota was written.
    pub fn quota(&self, field: QuotaField) -> &Origin {
        &self.amounts[Key::Quota(field).index()]
    }

    /// Where the state was written.
    pub fn state(&self) -> &Origin {
        &self.state
    }

    /// Where it was written whether scripts can catch running out of memory.
    pub fn memory_errors(&self) -> &Origin {
        &self.memory_errors
    }

    /// Where the deadline was written.
    pub fn deadline(&self) -> &Origin {
        &self.deadline
    }

    /// Where it was written whether there is a quarantine.
    pub fn quarantine(&self) -> &Origin {
        &self.quarantine
    }

    /// Where the disposition of a fault was written: under its own name, or as `any`.
    pub fn fault(&self, cause: FaultCause) -> &Origin {
        &self.faults[cause as usize]
    }

    /// Where the disposition of a denial was written: under its own name, or as `any`.
    pub fn denial(&self, cause: DenialCause) -> &Origin {
        &self.denials[cause as usize]
    }

    /// Where the grants were written, in the order of [`Rules::grants`].
    pub fn grants(&self) -> &[Origin] {
        &self.grants
    }
}

//! What a policy says about one tenant at one hook point.

use crate::budget::{Budget, BudgetField, PerField};
use crate::cause::{DenialCause, FaultCause};
use crate::disposition::Dispositions;
use crate::grant::Grant;
use crate::origin::Origin;
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
    /// What faults and denials turn into.
    pub dispositions: Dispositions,
    /// Whether globals outlive a call.
    pub state: State,
    /// The tenant's capabilities, in the order of the file.
    pub grants: Vec<Grant>,
    /// Where each of these was written.
    pub origins: Origins,
}

/// Where each part of [`Rules`] was written.
#[derive(Clone, PartialEq, Debug)]
pub struct Origins {
    pub(crate) fields: PerField<Origin>,
    pub(crate) state: Origin,
    pub(crate) faults: [Origin; FaultCause::ALL.len()],
    pub(crate) denials: [Origin; DenialCause::ALL.len()],
    pub(crate) grants: Vec<Origin>,
}

impl Origins {
    /// Where a field of the budget was written.
    pub fn field(&self, field: BudgetField) -> &Origin {
        &self.fields[field as usize]
    }

    /// Where the state was written.
    pub fn state(&self) -> &Origin {
        &self.state
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

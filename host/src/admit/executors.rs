//! Where executors come from, and how a host's are shared out.

use std::sync::Arc;

use tenterhook_policies::{Bytes, Policy};
use tenterhook_sandbox::{Bounds, Executor, Lease, Pool, Sandbox, SandboxOptions};

use super::denied::Denied;
use super::tenant::{Claim, Tenant};
use crate::verdict::{Fitting, reserved};

/// The sandbox, and the executors that all attachments share whose state does not last.
pub(crate) struct Executors {
    pub sandbox: Sandbox,
    pub shared: Arc<Pool>,
    pub shares: Shares,
}

/// How a host's executors are shared out: those that its threads' calls need come first, then the places that listed
/// tenants have for themselves, then state that is kept; a few are for loading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shares {
    all: u64,
    threads: u64,
}

impl Shares {
    /// For loading, and for one that keeps state.
    const SPARE: u64 = 3;

    pub fn new(all: u32, threads: usize) -> Shares {
        Shares { all: u64::from(all), threads: threads as u64 }
    }

    /// What a policy is held against.
    pub fn fitting(&self, deadlines: bool) -> Fitting {
        Fitting { deadlines, reserved: self.all.saturating_sub(self.threads + Shares::SPARE) }
    }

    /// How many may keep state: a quarter stays for tenants' own places and for loading, more where the policy has more
    /// such places.
    pub fn kept(&self, policy: &Policy) -> u64 {
        let kept = (self.all * 3 / 4).min(self.all.saturating_sub(reserved(policy) + Shares::SPARE - 1));
        kept.saturating_sub(self.threads).max(1)
    }
}

impl Executors {
    /// None yet, for so many threads.
    pub fn new(sandbox: Sandbox, options: &SandboxOptions, threads: usize) -> Executors {
        let bounds = Bounds {
            executors: options.executors_per_place.clamp(1, 256) as usize,
            large: usize::try_from(options.large_per_place.get()).unwrap_or(usize::MAX),
            small: sandbox.base_memory(),
        };
        let spare = options.max_executors as usize / 4;
        let shared = Arc::new(Pool::keeping(threads, bounds, spare));
        Executors { sandbox, shared, shares: Shares::new(options.max_executors, threads) }
    }

    /// A new executor; where there are as many as there may be, one that is kept for attachments to come is given up.
    pub fn make(&self) -> Option<Executor> {
        loop {
            if let Some(executor) = self.sandbox.executor() {
                return Some(executor);
            }
            if !self.shared.give_up_spare() {
                return None;
            }
        }
    }

    /// A new executor for calls of a tenant's attachment; on the tenant's account, if it is to keep state, which may
    /// grow to `kept`.
    #[cold]
    pub fn make_for(&self, account: &Arc<Tenant>, kept: Option<Bytes>) -> Result<Executor, Denied> {
        let lease = match kept {
            None => None,
            Some(most) => Some(Lease::new(Claim::executor(account, most.get())?)),
        };
        self.make().map(|executor| executor.leased(lease)).ok_or(Denied::NoExecutor)
    }
}

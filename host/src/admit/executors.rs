//! Creates executors, and divides a host's executors between their uses.

use std::sync::Arc;

use tenterhook_policies::{Bytes, Policy};
use tenterhook_sandbox::{Bounds, Executor, Lease, Pool, Sandbox, SandboxOptions};

use super::denied::Denied;
use super::tenant::{Claim, Tenant};
use crate::verdict::{Fitting, reserved};

/// The sandbox, and the executors shared by all attachments that do not keep state.
pub(crate) struct Executors {
    pub sandbox: Sandbox,
    pub shared: Arc<Pool>,
    pub shares: Shares,
}

/// The division of a host's executors: those for the calls of its threads come first, then the reserved shelves of
/// named tenants, then kept state; a few are for loading.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shares {
    all: u64,
    threads: u64,
}

impl Shares {
    /// For loading, and for one attachment that keeps state.
    const SPARE: u64 = 3;

    pub fn new(all: u32, threads: usize) -> Shares {
        Shares { all: u64::from(all), threads: threads as u64 }
    }

    /// What a policy is checked against.
    pub fn fitting(&self, deadlines: bool) -> Fitting {
        Fitting { deadlines, reserved: self.all.saturating_sub(self.threads + Shares::SPARE) }
    }

    /// The number of executors that may keep state: a quarter stays for tenants' reserved shelves and for loading, more
    /// if the policy reserves more shelves.
    pub fn kept(&self, policy: &Policy) -> u64 {
        let kept = (self.all * 3 / 4).min(self.all.saturating_sub(reserved(policy) + Shares::SPARE - 1));
        kept.saturating_sub(self.threads).max(1)
    }
}

impl Executors {
    /// Makes an empty pool for this many threads.
    pub fn new(sandbox: Sandbox, options: &SandboxOptions, threads: usize) -> Executors {
        let bounds = Bounds {
            executors: options.executors_per_shelf.clamp(1, 256) as usize,
            large: usize::try_from(options.large_per_shelf.get()).unwrap_or(usize::MAX),
            small: sandbox.base_memory(),
        };
        let spare = options.max_executors as usize / 4;
        let shared = Arc::new(Pool::keeping(threads, bounds, spare));
        Executors { sandbox, shared, shares: Shares::new(options.max_executors, threads) }
    }

    /// Creates an executor; at the maximum, one that is spare is discarded.
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

    /// Creates an executor for calls of a tenant's attachment. If it is to keep state, which may grow to `kept` bytes,
    /// it is charged to the tenant's account.
    #[cold]
    pub fn make_for(&self, account: &Arc<Tenant>, kept: Option<Bytes>) -> Result<Executor, Denied> {
        let lease = match kept {
            None => None,
            Some(most) => Some(Lease::new(Claim::executor(account, most.get())?)),
        };
        self.make().map(|executor| executor.leased(lease)).ok_or(Denied::NoExecutor)
    }
}

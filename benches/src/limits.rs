//! Hosts at their limits: calls that the policy refuses, admission by itself, and deadlines.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tenterhook::policies::{DenialCause, Policy, State};
use tenterhook::{Argument, CallError, Caller, Capability, FailureKind, Hook, Host, HostBuilder, Link, Reply, Request};

use tenterhook_cli::untimed;

use crate::integer::{Integer, IntegerArgs, TIMED};

/// A script that is called without end.
const SCRIPT: &str = "function integer(n) if n == 0 then error('told to') end return { next = n + 1 } end";

/// A host with one attachment.
pub struct Limited {
    /// The host.
    pub host: Host,
    /// Its hook point.
    pub hook: Hook<Integer>,
    link: Link,
}

impl Limited {
    /// A host with these lines of policy for every tenant, and a script attached.
    ///
    /// # Errors
    /// A policy, a script or a host that is none.
    pub fn new(
        defaults: &str,
        source: &str,
        state: State,
        change: impl FnOnce(HostBuilder) -> HostBuilder,
    ) -> Result<Limited> {
        let text = format!(
            "[defaults]\n{}\n[[tenants.bench.grants]]\ncapability = \"gate\"\nreason = \"bench\"\n",
            untimed::defaults(defaults)
        );
        let policy = Policy::parse(&text, "bench.toml")?;
        let host = change(Host::builder().policy(policy)).build()?;
        let hook = host.declare()?;
        let link = host.attach(Request::new("bench.integer", "bench", source).state(state))?;
        Ok(Limited { host, hook, link })
    }

    /// The attachment.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// One call.
    #[inline]
    pub fn call(&self, n: i64) -> Option<DenialCause> {
        let outcome = self.hook.invoke(&IntegerArgs { n });
        match outcome.failures.first().map(|failure| &failure.kind) {
            Some(FailureKind::Denied(denied)) => Some(denied.cause()),
            _ => None,
        }
    }

    /// A host that denies every call for this reason; for `busy` see [`busy`].
    ///
    /// # Errors
    /// One that does not.
    pub fn denying(cause: DenialCause) -> Result<Limited> {
        let limited = match cause {
            DenialCause::Rate => {
                Limited::new("calls_per_second = 1\ncalls_burst = 1", SCRIPT, State::Fresh, |host| host)?
            }
            DenialCause::Fuel => {
                let tired = "function integer() for i = 1, 1e5 do end return {} end";
                Limited::new("fuel_per_second = 1000\nfuel_burst = 10000", tired, State::Fresh, |host| host)?
            }
            DenialCause::Quarantine => {
                let lines = "quarantine = \"on\"\nquarantine_faults = 1\nquarantine_backoff = \"1h\"\n\
                             quarantine_backoff_max = \"1h\"";
                Limited::new(lines, SCRIPT, State::Fresh, |host| host)?
            }
            DenialCause::Memory => {
                let any = Limited::new("", SCRIPT, State::Kept, |host| host)?;
                let image = any.host.attachments("bench.integer").first().map(|info| info.image_bytes + SCRIPT.len());
                let lines = format!("total_memory = {}", image.context("an attachment")?.max(64 << 10));
                Limited::new(&lines, SCRIPT, State::Kept, |host| host)?
            }
            DenialCause::Busy => bail!("see `busy`"),
        };
        // The first uses up what there is.
        limited.call(0);
        ensure!(limited.call(TIMED) == Some(cause), "not denied by {cause}");
        Ok(limited)
    }
}

/// `gate.wait()` waits until the gate is open.
#[derive(Default)]
struct Gate {
    state: Mutex<(usize, bool)>,
    changed: Condvar,
}

impl Capability for Gate {
    fn library(&self) -> &str {
        "gate"
    }

    fn functions(&self) -> &[&str] {
        &["wait"]
    }

    fn call(&self, _: usize, _: &[Argument<'_>], _: &mut Caller<'_>) -> Result<Reply, CallError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 += 1;
        self.changed.notify_all();
        let _open = self.changed.wait_while(state, |state| !state.1).unwrap_or_else(PoisonError::into_inner);
        Ok(Reply::Nothing)
    }
}

/// Opens the gate when it goes.
struct Opens<'a>(&'a Gate);

impl Drop for Opens<'_> {
    fn drop(&mut self) {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.0.changed.notify_all();
    }
}

/// Runs `work` on a host whose places are all held by calls that wait.
///
/// # Errors
/// A host that is not busy.
pub fn busy(work: impl FnOnce(&Limited)) -> Result<()> {
    let gate = Arc::new(Gate::default());
    let waits = "function integer() gate.wait() return {} end";
    let limited = Limited::new("", waits, State::Fresh, |host| {
        host.threads(1).capability(Arc::clone(&gate) as Arc<dyn Capability>)
    })?;
    thread::scope(|scope| {
        // Also where `work` panics: the calls that wait are waited for.
        let _opens = Opens(&gate);
        // The shared place, and the one that is the tenant's own.
        for _ in 0..2 {
            scope.spawn(|| limited.call(TIMED));
        }
        for _ in 0..1000 {
            if gate.state.lock().unwrap_or_else(PoisonError::into_inner).0 == 2 {
                break;
            }
            thread::sleep(Duration::from_millis(1));
        }
        let busy = limited.call(TIMED) == Some(DenialCause::Busy);
        if busy {
            work(&limited);
        }
        ensure!(busy, "not busy");
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    /// That this ends at all is what it shows.
    #[test]
    fn work_that_panics_leaves_nobody_waiting() {
        // As `panic!`, but nothing is printed.
        let ended = catch_unwind(AssertUnwindSafe(|| busy(|_| std::panic::resume_unwind(Box::new("it fails")))));
        assert!(ended.is_err());
    }
}

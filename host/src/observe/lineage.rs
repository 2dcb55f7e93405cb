//! The statistics of an attachment's calls over all of its scripts, one after the other.
//!
//! Each script counts separately, so that a new one's counts are not hidden by the old one's. The sum over all of them
//! only grows: a replaced script continues to count while calls of it run, and its counts are added to those of the
//! earlier scripts when no call writes them any more.

use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;

use super::snapshot::{AttachmentStats, Counted, snapshot};
use super::stats::Stats;
use super::totals::Totals;

/// One attachment's statistics. The tenant's totals keep the counts when it is detached.
pub(crate) struct Lineage {
    since: SystemTime,
    totals: Arc<Totals>,
    parts: Mutex<Parts>,
}

struct Parts {
    /// The counts of scripts without running calls; `None`: there are none.
    ended: Option<Stats>,
    running: Vec<Arc<Stats>>,
}

impl Lineage {
    pub fn new(totals: Arc<Totals>) -> Lineage {
        Lineage { since: SystemTime::now(), totals, parts: Mutex::new(Parts { ended: None, running: Vec::new() }) }
    }

    /// Counters for a script that calls on this many shelves will use.
    pub fn begin(&self, shelves: usize) -> Arc<Stats> {
        let stats = Arc::new(Stats::new(shelves));
        let mut parts = self.parts.lock();
        parts.end();
        parts.running.push(Arc::clone(&stats));
        stats
    }

    /// All counts, and the counts of `present` alone, if it is not the first script.
    pub fn snapshot(&self, present: &Stats, is_first: bool, counted: Counted<'_>) -> AttachmentStats {
        let all = {
            let parts = self.parts.lock();
            let running = parts.running.iter().map(|stats| &**stats);
            let all: Vec<&Stats> = parts.ended.iter().chain(running).collect();
            snapshot(&all, self.since, counted)
        };
        let since_replace = (!is_first).then(|| Box::new(snapshot(&[present], present.since, counted)));
        AttachmentStats { since_replace, ..all }
    }
}

impl Drop for Lineage {
    fn drop(&mut self) {
        let Parts { ended, running } = self.parts.get_mut();
        for stats in ended.iter().chain(running.iter().map(|stats| &**stats)) {
            self.totals.keep(&stats.sums());
        }
    }
}

impl Parts {
    /// Adds up the counts that neither an attachment nor a call uses any more.
    fn end(&mut self) {
        let ended = &mut self.ended;
        self.running.retain_mut(|stats| match Arc::get_mut(stats) {
            None => true,
            Some(stats) => {
                ended.get_or_insert_with(|| Stats::new(1)).absorb(stats);
                false
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use tenterhook_hooks::codec::Answer;
    use tenterhook_hooks::schema::{Declaration, Type};
    use tenterhook_hooks::value::Value;
    use tenterhook_policies::DenialCause;
    use tenterhook_sandbox::{Fault, Metered, Restored};

    use super::*;
    use crate::id::AttachmentId;

    #[test]
    fn the_sum_only_grows_while_scripts_are_replaced_and_their_calls_end() {
        let declaration = &Declaration::builder("test.decide", 1)
            .result("verdict", Type::INTEGER, Value::Integer(0), "")
            .build()
            .expect("a sound declaration");
        let id = AttachmentId::next();
        let counted = Counted { id, tenant: "acme", name: "a", enabled: true, declaration };
        let metered = |fuel| Metered {
            fuel,
            memory: fuel,
            restored: Restored::All,
            log_lines: 1,
            log_dropped: 2,
            answer: 0,
            restore_fuel: 3,
        };
        let lineage = Lineage::new(Arc::default());
        let mut held = Vec::new();
        for generation in 0..20u64 {
            let stats = lineage.begin(3);
            for shelf in 0..2 {
                let shard = stats.shard(shelf).expect("there are three");
                shard.count(Some(10), &Ok(Answer::empty()), &metered(generation), declaration);
                let fault = Err(Fault::Host { message: String::new() });
                shard.count(None, &fault, &metered(100 + generation), declaration);
            }
            stats.denied(DenialCause::Rate);
            stats.failed_outside();
            stats.fault(&Fault::Host { message: format!("{generation}") });
            let of = lineage.snapshot(&stats, generation == 0, counted);
            let all = generation + 1;
            assert_eq!((of.calls, of.faults_in_all(), of.denials_in_all()), (6 * all, 3 * all, all));
            assert_eq!((of.fuel.count, of.latency_ns.count, of.latency_ns.total), (4 * all, 2 * all, 20 * all));
            assert_eq!((of.restores_all, of.log_lines, of.log_lines_dropped), (4 * all, 4 * all, 8 * all));
            assert_eq!(of.restore_fuel, 12 * all);
            assert_eq!((of.memory_peak_bytes, of.fuel.max), (100 + generation, 100 + generation));
            let said = |of: &AttachmentStats| of.last_fault.as_ref().map(|last| last.fault.to_string());
            assert!(said(&of).is_some_and(|text| text.ends_with(&generation.to_string())), "{of:?}");
            assert_eq!(of.since_replace.is_none(), generation == 0);
            if let Some(own) = of.since_replace {
                assert_eq!((own.calls, own.fuel.count, own.denials_in_all()), (6, 4, 1));
            }
            // Some calls continue for a while.
            held.push(stats);
            if generation % 3 == 2 {
                held.drain(..2);
            }
        }
        assert!(lineage.parts.lock().running.len() <= held.len() + 1, "what has ended is let go of");
    }
}

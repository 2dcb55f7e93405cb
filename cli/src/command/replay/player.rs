//! Fires a hook point for the content of MRT records, and counts.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Result, bail};
use tenterhook::hooks::HookPoint;
use tenterhook::hooks::codec::Encoder;
use tenterhook::{CallReport, DynamicHook, FailureKind};
use tenterhook_bgp::catalog::bgp::{BgpProcess, BgpProcessArgs, PeerState, PeerStatus, PeerStatusArgs, RouteMatch};
use tenterhook_bgp::mrt::Record;
use tenterhook_bgp::routes::{Importer, LeftOut, state};

use crate::exit::Exit;
use crate::stats::{Answers, Stats};

/// The parts of a record that a hook point fires for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Records {
    /// Announced routes, through `bgp.route_match`.
    Announced,
    /// Withdrawn and announced routes, through `bgp.process`.
    All,
    /// Changes of state, through `bgp.peer_status`.
    States,
}

impl Records {
    /// The parts that the hook point of this name fires for.
    pub fn of(hook: &str) -> Result<Records> {
        Ok(match hook {
            "bgp.route_match" => Records::Announced,
            "bgp.process" => Records::All,
            "bgp.peer_status" => Records::States,
            _ => {
                let known = ["bgp.route_match", "bgp.process", "bgp.peer_status"];
                if let Some(near) = tenterhook::hooks::nearest(hook, known.into_iter()) {
                    bail!("MRT files contain nothing for hook point {hook}; did you mean {near}?");
                }
                bail!(
                    "MRT files hold nothing for {hook}; expected {}. `tenterhook call --hook {hook} --script FILE` calls \
                     it with sample arguments, a running program's own with --socket PATH too",
                    known.join(", ")
                )
            }
        })
    }
}

/// Fires the hook point, and counts the outcomes.
pub struct Player {
    hook: DynamicHook,
    records: Records,
    importer: Importer,
    /// Statistics of every call.
    pub stats: Stats,
    /// What the program got: an answer or the policy's disposition.
    pub outcomes: Answers,
    /// The first message of each cause.
    pub examples: BTreeMap<String, String>,
    /// Changes from or to an unknown state.
    pub unknown_states: u64,
    /// Routes for which the hook point was not fired.
    pub left_out: BTreeMap<LeftOut, u64>,
}

impl Player {
    pub fn new(hook: DynamicHook, records: Records) -> Result<Player> {
        let (stats, outcomes) = (Stats::new(hook.declaration())?, Answers::new(hook.declaration()));
        let importer = Importer::default();
        let (examples, left_out) = Default::default();
        Ok(Player { hook, records, importer, stats, outcomes, examples, unknown_states: 0, left_out })
    }

    /// Fires for everything in the record.
    pub fn play(&mut self, record: &Record) -> Result<()> {
        match self.records {
            Records::Announced => {
                for announced in &record.announced {
                    if self.is_left_out(LeftOut::announced(record, announced)) {
                        continue;
                    }
                    let route = self.importer.route(record, announced)?;
                    route.with_match_args(|args| self.fire(|encoder| RouteMatch::encode(args, encoder)));
                }
            }
            Records::All => {
                // Withdrawn routes come first, as in an UPDATE.
                for withdrawn in &record.withdrawn {
                    if self.is_left_out(LeftOut::withdrawn(record, withdrawn)) {
                        continue;
                    }
                    let prefix = self.importer.prefix(withdrawn.prefix)?;
                    let peer = self.importer.peer(&withdrawn.peer);
                    let peer = peer.view(PeerState::Established, record.timestamp.seconds.into());
                    let args = BgpProcessArgs { prefix, peer: &peer, attributes: None, withdrawn: true };
                    self.fire(|encoder| BgpProcess::encode(&args, encoder));
                }
                for announced in &record.announced {
                    if self.is_left_out(LeftOut::announced(record, announced)) {
                        continue;
                    }
                    let route = self.importer.route(record, announced)?;
                    route.with_process_args(|args| self.fire(|encoder| BgpProcess::encode(args, encoder)));
                }
            }
            Records::States => self.play_state(record),
        }
        Ok(())
    }

    fn is_left_out(&mut self, why: Option<LeftOut>) -> bool {
        why.inspect(|why| *self.left_out.entry(*why).or_default() += 1).is_some()
    }

    fn play_state(&mut self, record: &Record) {
        let (Some((old, new)), Some(peer)) = (record.state_change(), &record.peer) else {
            return;
        };
        let (Some(old), Some(new)) = (state(old), state(new)) else {
            self.unknown_states += 1;
            return;
        };
        let peer = self.importer.peer(peer).view(new, record.timestamp.seconds.into());
        let args = PeerStatusArgs { peer: &peer, old, new, reason: "" };
        self.fire(|encoder| PeerStatus::encode(&args, encoder));
    }

    fn fire(&mut self, encode: impl FnOnce(&mut Encoder)) {
        let stats = &mut self.stats;
        let start = Instant::now();
        let mut observer = |report: &CallReport<'_>| stats.add(report.result, report.fuel, start.elapsed());
        let outcome = self.hook.invoke_encoded(encode, &mut observer);
        self.outcomes.add(&outcome.answer);
        for failure in &outcome.failures {
            if let FailureKind::Fault(fault) = &failure.kind {
                let cause = fault.cause();
                if !self.examples.contains_key(cause.as_str()) {
                    self.examples.insert(cause.to_string(), fault.to_string());
                }
            }
        }
    }

    /// How the replay ends.
    pub fn exit(&self) -> Exit {
        if !self.stats.faults.is_empty() {
            Exit::Fault
        } else if !self.stats.denied.is_empty() {
            Exit::Denied
        } else {
            Exit::Result
        }
    }
}

#[cfg(test)]
mod tests {
    use tenterhook_bgp::catalog;

    use super::*;

    #[test]
    fn hook_points_of_bgp_routes_and_sessions_have_their_records() {
        let replayed = ["bgp.route_match", "bgp.process", "bgp.peer_status"];
        for declaration in catalog::all() {
            let expected = replayed.contains(&declaration.name.as_str());
            assert_eq!(Records::of(&declaration.name).is_ok(), expected, "{}", declaration.name);
        }
        assert!(Records::of("bgp.other").is_err());
    }
}

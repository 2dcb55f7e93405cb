//! Drivers for cases whose attack is not only in the script: `driver = NAME [PARAMETER]`.
//!
//! | driver | does |
//! | --- | --- |
//! | `argument NAME KIND SIZE` | calls with a crafted argument |
//! | `source PAD SIZE`, `source OPEN CLOSE DEPTH` | loads the script with a crafted source |
//! | `names` | attaches under invalid names |
//! | `attachments COUNT` | attaches this many before the script |
//! | `changes` | attaches, replaces and detaches while other threads call |
//! | `policy` | changes the policy while other threads call |
//! | `chain` | other attachments of the same hook point stand before the script |
//! | `threads COUNT` | makes the same call on this many threads at once |
//! | `executors_used_up`, `places_used_up` | calls when all resources are in use |
//! | `shutdown` | drops the host while other threads are within calls |
//! | `detaches_itself`, `replaces_itself` | changes its own attachment from within its own call |
//! | `sink_panics` | the program's log panics |
//! | `in_turn` | makes each call once, under the header's policy and deadline, on a clock that stands still |
//! | `small_stack` | calls on a thread with next to no stack |
//!
//! A driver returns the results of its calls, in order, to be compared with the header. It checks everything else
//! itself.

mod chains;
mod changes;
mod exhaustion;
mod inputs;
mod program;
mod quotas;

use super::header::Script;
use super::stand::{Made, Stand};

type Driver = fn(&Stand, &Script, &str) -> Result<Vec<Made>, String>;

const DRIVERS: [(&str, Driver); 16] = [
    ("argument", inputs::argument),
    ("source", inputs::source),
    ("names", inputs::names),
    ("attachments", changes::attachments),
    ("changes", changes::changes),
    ("policy", changes::policy),
    ("chain", chains::chain),
    ("threads", chains::threads),
    ("executors_used_up", exhaustion::executors_used_up),
    ("places_used_up", exhaustion::places_used_up),
    ("in_turn", quotas::in_turn),
    ("small_stack", exhaustion::small_stack),
    ("shutdown", program::shutdown),
    ("detaches_itself", program::detaches_itself),
    ("replaces_itself", program::replaces_itself),
    ("sink_panics", program::sink_panics),
];

/// The names of the drivers.
pub fn names() -> impl Iterator<Item = &'static str> {
    DRIVERS.iter().map(|(name, _)| *name)
}

/// Drives the script.
pub(super) fn drive(name: &str, stand: &Stand, script: &Script, parameter: &str) -> Result<Vec<Made>, String> {
    let found = DRIVERS.iter().find(|(known, _)| *known == name);
    let (_, driver) = found.ok_or_else(|| format!("unknown driver '{name}'"))?;
    driver(stand, script, parameter)
}

//! What the fuzzer feeds bytes to. The bodies are here, where the fuzzer (`tests/fuzz`) and the test of the committed
//! corpora (`tests/tests/corpora.rs`) share them. A body returns when all is well and panics when it is not.
//!
//! | target | bytes are |
//! | --- | --- |
//! | `answer` | a hook point and an answer to it |
//! | `arguments` | values of every type, encoded and read back |
//! | `policy` | a policy's text |
//! | `mrt` | an MRT file, plain or compressed |
//! | `lua` | choices of a grammar: a script, loaded and called under a small budget |
//! | `check` | a script, or what is none, through all of `tenterhook check` |
//! | `guest` | what a hostile guest does: host calls, pointers, growth, throws, answers |

mod answer;
mod arguments;
mod check;
mod grammar;
mod guest;
mod lua;
mod mrt;
mod policy;

use std::path::PathBuf;

/// A target's body.
pub type Body = fn(&[u8]);

/// The targets, by name.
pub const TARGETS: [(&str, Body); 7] = [
    ("answer", answer::run),
    ("arguments", arguments::run),
    ("policy", policy::run),
    ("mrt", mrt::run),
    ("lua", lua::run),
    ("guest", guest::run),
    ("check", check::run),
];

pub use answer::run as answer;
pub use arguments::run as arguments;
pub use check::run as check;
pub use grammar::script;
pub use guest::run as guest;
pub use lua::run as lua;
pub use mrt::run as mrt;
pub use policy::run as policy;

/// Where a target's committed corpus lies.
pub fn seeds(target: &str) -> PathBuf {
    crate::root().join("tests/fuzz/seeds").join(target)
}

//! The command as a process: exit codes, what it prints, and the acceptance of calls as it was written down.

#![allow(clippy::unwrap_used)]

mod authors;
mod call;
mod field;
mod other;
mod process;
mod replay;
mod streams;

//! Rules that the workspace holds itself to, checked on its files.
//!
//! ```text
//! workspace   the crates, their files
//! crates      which crate may depend on which, and on what
//! circles     no two modules of a crate need each other      (modules.rs and code.rs read them off the text)
//! c_files     no two C files of the FRR modules need each other
//! words       names that belong to one crate: wasmtime, tokio, BGP
//! phrases     phrases that the style guide replaces, names that stand for one thing
//! files       length, documentation, unsafe, tests that are switched off, places on one machine
//! documents   the compatibility table, limits and their tests
//! ```

#![allow(clippy::unwrap_used)]

mod c_files;
mod circles;
mod code;
mod crates;
mod documents;
mod files;
mod modules;
mod phrases;
mod words;
mod workspace;

//! BGP as one user of [Tenterhook](https://github.com/tenterhook/tenterhook)'s hook points.
//!
//! ```text
//! catalog  bgp.route_match and the other hook points that the command and the FRR modules share
//! syntax   the text format of communities
//! routes   routes as arguments of those hook points: generated, or from MRT files
//! mrt      the reader of MRT files                                  (feature "mrt")
//! ```
//!
//! This crate knows nothing of Lua, WebAssembly or policies: the hook points are declared like those of any other
//! program.

#![forbid(unsafe_code)]

pub mod catalog;
#[cfg(feature = "mrt")]
pub mod mrt;
pub mod routes;
pub mod syntax;

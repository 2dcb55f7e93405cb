//! BGP as one user of [Tenterhook](https://github.com/tenterhook/tenterhook)'s hook points.
//!
//! ```text
//! catalog  bgp.route_match and the other hook points that the command and the FRR modules share
//! syntax   what text a community is
//! routes   routes as those hook points take them: generated, or out of MRT files
//! mrt      the reader of MRT files                                  (feature "mrt")
//! ```
//!
//! Nothing here knows of Lua, WebAssembly or policies: the hook points are declared as those of any other program are.

#![forbid(unsafe_code)]

pub mod catalog;
#[cfg(feature = "mrt")]
pub mod mrt;
pub mod routes;
pub mod syntax;

//! What is asked of the operators' plane, and what it answers: shared by the server (`tenterhook-control`) and by the
//! command, which reads policy files by itself too.

#![forbid(unsafe_code)]

pub mod explain;

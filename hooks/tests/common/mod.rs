//! What the tests share: a hook point, generated types and values, and hand-made wire bytes.
#![allow(dead_code)]

pub mod generate;
pub mod request;
pub mod wire;

//! What the tests share: generated types and values, and hand-made wire bytes.
#![allow(dead_code)]

pub mod generate;
pub mod wire;

//! Summary.
fn main() {}

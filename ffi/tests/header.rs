//! The header that is checked in is what the sources say. `BLESS=1` writes it.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn the_header_is_what_the_sources_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let made = cbindgen::Builder::new().with_crate(root).with_config(config).generate().unwrap();
    let mut text = Vec::new();
    made.write(&mut text);
    let text = String::from_utf8(text).unwrap();
    let file = root.join("include/tenterhook.h");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let line = (1..).zip(text.lines()).find(|(number, line)| known.lines().nth(number - 1) != Some(line));
    assert!(
        known == text,
        "include/tenterhook.h is not what the sources say, from line {line:?} on; BLESS=1 writes it"
    );
}

//! A short pass of the fuzzer's committed corpora: each file as it is, and with damage that is the same every time.
//!
//! `make fuzz` looks for more; what it finds belongs into `tests/fuzz/seeds/<target>/`.

#![allow(clippy::unwrap_used)]

use tenterhook_tests::fuzz::{TARGETS, seeds};

/// How often each file is damaged.
const DAMAGES: u64 = 25;

/// A few bytes changed, some taken out, or the end cut off; which, is up to `number`.
fn damaged(bytes: &[u8], number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ bytes.len() as u64;
    let mut below = |most: usize| {
        // Numbers that look random and are always the same (xorshift).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % most.max(1) as u64).unwrap()
    };
    let mut bytes = bytes.to_vec();
    for _ in 0..=below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = below(bytes.len());
        match below(4) {
            0 => bytes.truncate(at),
            1 => {
                bytes.remove(at);
            }
            2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)],
            _ => bytes[at] ^= 1 << below(8),
        }
    }
    bytes
}

fn pass(target: &str) {
    let (_, body) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(seeds(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 3, "there are seeds: {files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        // Said when the body panics.
        println!("{}", file.display());
        body(&bytes);
        for number in 1..=DAMAGES {
            println!("  damaged: {number}");
            body(&damaged(&bytes, number));
        }
    }
}

#[test]
fn answers() {
    pass("answer");
}

#[test]
fn arguments() {
    pass("arguments");
}

#[test]
fn policies() {
    pass("policy");
}

#[test]
fn mrt_files() {
    pass("mrt");
}

#[test]
fn scripts() {
    pass("lua");
}

#[test]
fn checks() {
    pass("check");
}

#[test]
fn hostile_guests() {
    pass("guest");
}

#[test]
fn every_target_is_here_and_with_the_fuzzer() {
    let manifest: toml::Table =
        std::fs::read_to_string(tenterhook_tests::root().join("tests/fuzz/Cargo.toml")).unwrap().parse().unwrap();
    let bins = manifest["bin"].as_array().unwrap().iter();
    let bins: Vec<&str> = bins.map(|bin| bin["name"].as_str().unwrap()).collect();
    assert_eq!(bins, TARGETS.map(|(name, _)| name));
}

#[test]
fn damage_is_the_same_every_time() {
    let bytes: Vec<u8> = (0..200).collect();
    for number in 0..100 {
        assert_eq!(damaged(&bytes, number), damaged(&bytes, number));
    }
    assert!((1..100).filter(|number| damaged(&bytes, *number) != bytes).count() > 90);
}

//! `tenterhook check` over 10,000 files that are scripts, damaged scripts, or anything else: it ends each time, and never
//! panics. The files are the same every time.

#![allow(clippy::unwrap_used)]

use std::panic::{self, AssertUnwindSafe};

use tenterhook_tests::{fuzz, golden, root};

/// How many files.
const FILES: u64 = 10_000;

/// What random scripts are made of; some of it is in no Lua.
const WORDS: &[&str] = &[
    "and",
    "break",
    "do",
    "else",
    "elseif",
    "end",
    "false",
    "for",
    "function",
    "goto",
    "if",
    "in",
    "local",
    "nil",
    "not",
    "or",
    "repeat",
    "return",
    "then",
    "true",
    "until",
    "while",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "^",
    "#",
    "&",
    "~",
    "|",
    "<<",
    ">>",
    "==",
    "~=",
    "<=",
    ">=",
    "<",
    ">",
    "=",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "::",
    ";",
    ":",
    ",",
    ".",
    "..",
    "...",
    "`",
    "`{",
    "}`",
    "$",
    "@",
    "!",
    "?",
    "\\",
    "!=",
    "+=",
    "->",
    "<const>",
    "<close>",
    "\"",
    "'",
    "[[",
    "]]",
    "[==[",
    "--",
    "--[[",
    "0x",
    "0x1p",
    "1e",
    "1e5",
    "3",
    "0.5",
    "1..2",
    "'text'",
    "\"a\\n\"",
    "\"\\u{",
    "'\\x",
    "route_match",
    "process",
    "prefix",
    "attributes",
    "communities",
    "peer",
    "action",
    "table.insert",
    "net.prefix",
    "os.time",
    "require",
    "_ENV",
    "_G",
    "goto continue",
    "continue",
    "export type",
    "type",
    "é",
    "\u{feff}",
    "\u{0}",
    "\u{fffd}",
    "#!",
    "\r",
    "\n",
    "\t",
];

/// Numbers that look random and are always the same (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}

/// The file of that number.
fn file(number: u64, scripts: &[Vec<u8>]) -> Vec<u8> {
    let mut numbers = Numbers(number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    match number % 5 {
        0 => (0..numbers.below(400)).map(|_| u8::try_from(numbers.below(256)).unwrap()).collect(),
        1 => {
            let mut text = Vec::new();
            for _ in 0..numbers.below(120) {
                text.extend_from_slice(WORDS[numbers.below(WORDS.len())].as_bytes());
                text.extend_from_slice([" ", "", "\n"][numbers.below(3)].as_bytes());
            }
            text
        }
        _ => {
            let mut text = scripts[numbers.below(scripts.len())].clone();
            for _ in 0..=numbers.below(6) {
                damage(&mut text, scripts, &mut numbers);
            }
            text
        }
    }
}

/// Changes a script at one place.
fn damage(text: &mut Vec<u8>, scripts: &[Vec<u8>], numbers: &mut Numbers) {
    let at = numbers.below(text.len() + 1);
    let end = (at + numbers.below(40)).min(text.len());
    match numbers.below(7) {
        0 => text.truncate(at),
        1 => drop(text.drain(at..end)),
        2 if at < text.len() => text[at] ^= 1 << numbers.below(8),
        3 => {
            let part = text[at..end].repeat(numbers.below(40));
            text.splice(at..at, part);
        }
        4 => {
            let other = &scripts[numbers.below(scripts.len())];
            text.truncate(at);
            text.extend_from_slice(&other[numbers.below(other.len())..]);
        }
        _ => {
            let word = WORDS[numbers.below(WORDS.len())];
            text.splice(at..at, format!(" {word} ").into_bytes());
        }
    }
}

#[test]
fn no_file_makes_check_panic() {
    let mut scripts: Vec<Vec<u8>> = golden::scripts().iter().map(|path| std::fs::read(path).unwrap()).collect();
    for name in ["cmpstr", "silent_loss", "comm_bad_r", "luajit_bit"] {
        scripts.push(std::fs::read(root().join(format!("tests/field/{name}.lua"))).unwrap());
    }
    assert!(scripts.len() > 150, "the golden scripts are there");
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get().min(8)) as u64;
    let check = |thread: u64| -> Vec<u64> {
        let mine = (0..FILES).filter(|number| number % threads == thread);
        let ends = |number: &u64| {
            let file = file(*number, &scripts);
            panic::catch_unwind(AssertUnwindSafe(|| fuzz::check(&file))).is_ok()
        };
        mine.filter(|number| !ends(number)).collect()
    };
    let panicked: Vec<u64> = std::thread::scope(|scope| {
        let check = &check;
        let running: Vec<_> = (0..threads).map(|thread| scope.spawn(move || check(thread))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    if let Some(first) = panicked.first() {
        panic!("{} of {FILES} files, the first:\n{}", panicked.len(), String::from_utf8_lossy(&file(*first, &scripts)));
    }
}

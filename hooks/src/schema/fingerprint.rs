//! The shape of a declaration as 32 bytes, and the difference between two shapes in words.

use std::fmt;

use sha2::{Digest, Sha256};

use super::declaration::{Chain, Declaration};
use crate::types::Type;

/// SHA-256 of a declaration's shape: everything that a script can notice, and no documentation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let wrong = || format!("expected 64 hexadecimal digits, got \"{s}\"");
        // `from_str_radix` would also accept a sign.
        if s.len() != 64 || !s.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, i) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&s[i..i + 2], 16).map_err(|_| wrong())?;
        }
        Ok(Fingerprint(bytes))
    }
}

/// One line per thing that a script can notice. The lines are not sorted: the order of arguments and fields is part of
/// the shape.
fn shape(d: &Declaration) -> Vec<String> {
    let mut lines = vec![
        format!("hook {} version {}", d.name, d.version),
        format!("chain {}", if d.chain == Chain::First { "first" } else { "observe" }),
    ];
    for argument in &d.arguments {
        let mode = if argument.inout { "inout" } else { "argument" };
        describe(&mut lines, &format!("{mode} {}", argument.name), &argument.ty);
    }
    for constant in &d.constants {
        lines.push(format!("constant {} = {}", constant.name, constant.value));
    }
    for result in &d.results {
        describe(&mut lines, &format!("result {}", result.name), &result.ty);
        lines.push(format!("result {} default {:?}", result.name, result.default));
    }
    lines
}

fn describe(lines: &mut Vec<String>, path: &str, ty: &Type) {
    match ty {
        Type::String { max, utf8, syntax } => {
            let utf8 = if *utf8 { " utf8" } else { "" };
            let syntax = syntax.map(|syntax| format!(" {}", syntax.name())).unwrap_or_default();
            lines.push(format!("{path}: string {max}{utf8}{syntax}"));
        }
        Type::Enum(e) => {
            lines.push(format!("{path}: enum {}", e.name));
            for variant in &e.variants {
                lines.push(format!("{path} is {} ({})", variant.name, variant.value));
            }
        }
        Type::Optional(inner) => describe(lines, &format!("{path}?"), inner),
        Type::List { element, max } => describe(lines, &format!("{path}[..{max}]"), element),
        Type::Map { value, max } => describe(lines, &format!("{path}{{..{max}}}"), value),
        Type::Record(record) => {
            lines.push(format!("{path}: record {}", record.name));
            for field in &record.fields {
                let mode = if field.writable { " writable" } else { "" };
                describe(lines, &format!("{path}.{}{mode}", field.name), &field.ty);
            }
        }
        other => lines.push(format!("{path}: {other}")),
    }
}

impl Declaration {
    /// The shape's hash. Two declarations with the same fingerprint are interchangeable for scripts.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        for line in shape(self) {
            hash.update(line.as_bytes());
            hash.update(b"\n");
        }
        Fingerprint(hash.finalize().into())
    }

    /// What changed from `older` to `self`, one line per change: `+` new, `-` gone, `*` moved. It is empty if the
    /// fingerprints are equal.
    pub fn difference(&self, older: &Declaration) -> Vec<String> {
        let (new, old) = (shape(self), shape(older));
        let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("- {line}"));
        let added = new.iter().filter(|line| !old.contains(line)).map(|line| format!("+ {line}"));
        let mut lines: Vec<String> = gone.chain(added).collect();
        if lines.is_empty() && new != old {
            lines.push("* the same, in another order".to_owned());
        }
        lines
    }
}

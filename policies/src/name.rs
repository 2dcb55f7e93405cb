//! The syntax of names of tenants, hook points, capabilities and attachments.

use crate::text::shown;

/// The most bytes in a name of any kind.
pub const MAX_NAME: usize = 64;

/// What kind of thing a name names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NameKind {
    /// A tenant.
    Tenant,
    /// A hook point, by its full name, such as `web.request`.
    HookPoint,
    /// A capability.
    Capability,
    /// An attachment of a tenant.
    Attachment,
}

impl NameKind {
    /// The kind in words, for messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            NameKind::Tenant => "tenant",
            NameKind::HookPoint => "hook point",
            NameKind::Capability => "capability",
            NameKind::Attachment => "attachment",
        }
    }

    /// Checks a name: 1 to [`MAX_NAME`] bytes, made of `A-Z a-z 0-9 _ . -`, not beginning with a dot. Names become
    /// names of folders and files; without a leading dot none of them is `.`, `..` or hidden.
    ///
    /// # Errors
    ///
    /// The name breaks one of these rules.
    pub fn check(self, name: &str) -> Result<(), NameError> {
        let fits = !name.is_empty() && name.len() <= MAX_NAME && !name.starts_with('.');
        if fits && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')) {
            Ok(())
        } else {
            Err(NameError { kind: self, name: shown(name) })
        }
    }
}

/// An invalid name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{name} is not a {} name: expected 1 to {MAX_NAME} of A-Z a-z 0-9 _ . - with no dot in front", .kind.as_str())]
pub struct NameError {
    /// The kind of thing that it was to name.
    pub kind: NameKind,
    /// The name, in quotes, shortened when it is long.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [NameKind; 4] = [NameKind::Tenant, NameKind::HookPoint, NameKind::Capability, NameKind::Attachment];

    #[test]
    fn length_is_bounded_on_both_sides() {
        for kind in KINDS {
            for (len, ok) in [(0, false), (1, true), (63, true), (64, true), (65, false)] {
                assert_eq!(kind.check(&"a".repeat(len)).is_ok(), ok, "{kind:?} with {len} bytes");
            }
        }
    }

    #[test]
    fn only_the_listed_characters_and_no_leading_dot() {
        for byte in 0..=127_u8 {
            let c = char::from(byte);
            let ok = c.is_ascii_alphanumeric() || "_.-".contains(c);
            for kind in KINDS {
                assert_eq!(kind.check(&format!("a{c}")).is_ok(), ok, "{c:?}");
                assert_eq!(kind.check(&format!("{c}a")).is_ok(), ok && c != '.', "{c:?}");
            }
        }
        for name in [".", "..", "é", "a b", " "] {
            assert!(NameKind::Tenant.check(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn the_error_says_what_was_expected() {
        assert_eq!(
            NameKind::Tenant.check("a b").expect_err("must be rejected").to_string(),
            r#""a b" is not a tenant name: expected 1 to 64 of A-Z a-z 0-9 _ . - with no dot in front"#
        );
    }
}

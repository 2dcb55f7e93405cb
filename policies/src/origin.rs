//! The location of a setting in its file.

use std::fmt;
use std::sync::Arc;

/// Where a value was set. It is displayed as `policy.toml:12`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The file, as it was named to [`Policy::parse`](crate::Policy::parse), or `<default preset>` and the like.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The dotted name of the section, such as `tenants.acme` or `defaults.on_fault`.
    pub section: Arc<str>,
    /// The whole dotted key, such as `tenants.acme.fuel`.
    pub key: Arc<str>,
}

impl Origin {
    /// Whether it is in a section about one hook point: `hooks.H`, or `tenants.T.hooks.H`.
    pub fn is_about_hook(&self) -> bool {
        // The key is split at its dots; dots within quotes are part of a name.
        let mut quoted = false;
        let mut parts = self.key.split(|c| {
            quoted ^= c == '"';
            c == '.' && !quoted
        });
        match parts.next() {
            Some("hooks") => true,
            Some("tenants") => parts.nth(1) == Some("hooks"),
            _ => false,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A value and where it was set.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_about_a_hook_point_are_recognised() {
        for (key, about) in [
            ("hooks.\"web.request\".on_fault.any", true),
            ("hooks.run.fuel", true),
            ("tenants.acme.hooks.\"a.b\".on_fault.fuel", true),
            ("tenants.\"a.hooks.b\".hooks.run.on_fault.any", true),
            ("tenants.\"a.hooks.b\".on_fault.any", false),
            ("tenants.hooks.on_fault.any", false),
            ("tenants.acme.on_fault.any", false),
            ("defaults.on_fault.any", false),
            ("", false),
        ] {
            let (file, section) = (Arc::from("p.toml"), Arc::from(""));
            let origin = Origin { file, line: 1, column: 1, section, key: Arc::from(key) };
            assert_eq!(origin.is_about_hook(), about, "{key}");
        }
    }
}

//! Attachments by name.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// An attachment, by its tenant and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    pub tenant: String,
    pub name: String,
}

impl Target {
    /// Its path in the program's API.
    pub fn path(&self) -> String {
        let part = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        format!("/v1/attachments/{}/{}", part(&self.tenant), part(&self.name))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        match text.split_once('/') {
            Some((tenant, name)) if !tenant.is_empty() && !name.is_empty() && !name.contains('/') => {
                Ok(Target { tenant: tenant.to_owned(), name: name.to_owned() })
            }
            _ => Err("expected TENANT/NAME, such as acme/route_match; `tenterhook list` shows them".to_owned()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_two_parts() {
        let target: Target = "acme/route_match".parse().expect("a target");
        assert_eq!(
            (target.to_string().as_str(), target.path().as_str()),
            ("acme/route_match", "/v1/attachments/acme/route%5Fmatch")
        );
        for text in ["acme", "/x", "acme/", "a/b/c", ""] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}

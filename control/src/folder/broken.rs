//! A file of the folder that is not attached, and what is known about it.

use super::names::file_name;
use super::record::{AttachmentFile, Record};

/// A file of the folder that is not attached.
#[derive(Debug, Clone)]
pub(crate) struct Broken {
    /// The tenant in whose folder it lies; empty if it lies in none.
    pub tenant: String,
    /// The attachment's name; `None` if it is not an attachment file, such as a folder that cannot be listed.
    pub name: Option<String>,
    /// The file, relative to the folder.
    pub file: String,
    /// What is wrong, beginning with the file.
    pub reason: String,
    pub known: Known,
}

/// What could be read from a broken attachment's file; from a damaged one, each complete line.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Known {
    pub hook: Option<String>,
    /// The script's name in errors.
    pub script: Option<String>,
    pub order: Option<i32>,
    pub rank: Option<u128>,
    pub enabled: Option<bool>,
    /// 0 if none could be read.
    pub revision: u64,
}

impl Broken {
    /// An attachment file; `reason` is appended to its name.
    pub fn attachment(tenant: &str, name: &str, reason: &str, known: Known) -> Broken {
        let file = file_name(tenant, name);
        let reason = format!("{file}{reason}");
        Broken { tenant: tenant.to_owned(), name: Some(name.to_owned()), file, reason, known }
    }

    /// Whether it is the file of that attachment.
    pub fn is(&self, tenant: &str, name: &str) -> bool {
        self.tenant == tenant && self.name.as_deref() == Some(name)
    }
}

impl Known {
    /// What a file's text says, whatever is wrong with it.
    pub fn of_text(text: &str) -> Known {
        let mut known = Known::default();
        let lines = text.lines().filter_map(|line| line.parse::<toml::Table>().ok());
        for (key, value) in lines.flatten() {
            let text = value.as_str().map(str::to_owned);
            match key.as_str() {
                "hook" => known.hook = text,
                "shown_as" => known.script = text,
                "order" => known.order = value.as_integer().and_then(|order| order.try_into().ok()),
                "rank" => known.rank = text.and_then(|hex| u128::from_str_radix(&hex, 16).ok()),
                "enabled" => known.enabled = value.as_bool(),
                "revision" => {
                    known.revision = value.as_integer().and_then(|revision| revision.try_into().ok()).unwrap_or(0);
                }
                _ => {}
            }
        }
        known
    }

    /// What a well-formed file says whose script is damaged.
    pub(super) fn of_written(written: &AttachmentFile, text: &str) -> Known {
        let file = written.script.rsplit('/').next().unwrap_or(&written.script);
        let script = written.shown_as.clone().unwrap_or_else(|| file.to_owned());
        Known { script: Some(script), ..Known::of_text(text) }
    }

    /// What an attachment says that is intact but was rejected.
    pub fn of(record: &Record) -> Known {
        Known {
            hook: Some(record.hook.clone()),
            script: Some(record.script.clone()),
            order: Some(record.order),
            rank: record.rank,
            enabled: Some(record.enabled),
            revision: record.revision,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_file_tells_what_its_whole_lines_say() {
        let whole = "hook = \"a.b\"\nscript = \"x.lua\"\nshown_as = \"y.lua\"\norder = -3\nrank = \"0f\"\n\
                     enabled = false\nrevision = 7\n";
        let known = Known {
            hook: Some("a.b".into()),
            script: Some("y.lua".into()),
            order: Some(-3),
            rank: Some(15),
            enabled: Some(false),
            revision: 7,
        };
        assert_eq!(Known::of_text(whole), known);
        let torn = Known { enabled: None, revision: 0, ..known.clone() };
        assert_eq!(Known::of_text(&whole[..whole.find("abled").unwrap_or(0)]), torn);
        assert_eq!(Known::of_text(&format!("\0garbage = = [[\n{whole}")), known, "a bad line spoils no other");
        for text in ["", "hook = 1\norder = \"x\"\nrank = 1\nenabled = 1\nrevision = -1", "order = 3000000000"] {
            assert_eq!(Known::of_text(text), Known::default(), "{text:?}");
        }
    }
}

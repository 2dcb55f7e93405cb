//! Builds a policy from the text of a file.

use std::array::from_fn;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use toml::de::DeTable;

use super::tables::{read_hooks, read_tenants};
use super::{Policy, per_key};
use crate::budget::Budget;
use crate::disposition::Disposition;
use crate::error::{DiagnosticKind, PolicyError};
use crate::key::Key;
use crate::nesting::{MAX_FILE, Outline};
use crate::operator::Operator;
use crate::option::{Deadline, MemoryErrors};
use crate::origin::{Located, Origin};
use crate::placement::Placement;
use crate::preset::{Constants, Preset};
use crate::quota::Quota;
use crate::read::{Reader, join};
use crate::requirement::Requirement;
use crate::rules::State;
use crate::section::{About, Defaults, Limits, Section};
use crate::unknown::OtherTenants;

impl Policy {
    /// Reads a policy from the text of a file. `file` is how errors and origins name it.
    ///
    /// # Errors
    ///
    /// The file has errors: all of them are returned, each with line, column and key. A file over [`MAX_FILE`] bytes or
    /// one that nests deeper than [`MAX_NESTING`](crate::MAX_NESTING) is not read at all.
    pub fn parse(text: &str, file: &str) -> Result<Self, PolicyError> {
        Self::read(text, file, None)
    }

    /// A policy that comes with this crate.
    pub fn preset(preset: Preset) -> Self {
        of_preset(preset).clone()
    }

    /// Reads the text of a preset, which extends only the constants of the crate.
    fn parse_preset(preset: Preset) -> Result<Self, PolicyError> {
        let Constants { others, ceilings, budget, quota, quarantine } = preset.constants();
        let origin = Origin { file: "<constants>".into(), line: 1, column: 1, section: "".into(), key: "".into() };
        let amounts = |budget: &Budget, quota: &Quota| {
            per_key(|key| match key {
                Key::Budget(field) => located(&origin, budget.get(field)),
                Key::Quota(field) => located(&origin, quota.get(field)),
            })
        };
        let disposition = |_| located(&origin, Disposition::Closed);
        let base = Self {
            file: origin.file.clone(),
            others,
            ceilings: amounts(ceilings.largest(), ceilings.largest_quota()),
            defaults: Defaults {
                amounts: amounts(&budget, &quota),
                state: located(&origin, State::Fresh),
                memory_errors: located(&origin, MemoryErrors::Uncatchable),
                deadline: located(&origin, Deadline::OFF),
                quarantine: located(&origin, quarantine),
                faults: from_fn(disposition),
                denials: from_fn(disposition),
            },
            hooks: BTreeMap::new(),
            tenants: BTreeMap::new(),
            operators: Vec::new(),
            placements: Vec::new(),
            requirements: BTreeMap::new(),
        };
        Self::read(preset.text(), preset.file(), Some(&base))
    }

    /// Reads a file. Without a `base`, the file names the preset that it extends.
    fn read(text: &str, file: &str, base: Option<&Policy>) -> Result<Self, PolicyError> {
        let file: Arc<str> = file.into();
        if text.len() > MAX_FILE {
            // This error is located at the beginning of the file, so the reader needs no text.
            let mut reader = Reader::new("", file);
            reader.report(&(0..0), "", DiagnosticKind::FileTooLarge { size: text.len() });
            return Err(reader.into_error());
        }
        let mut reader = Reader::new(text, file.clone());
        let outline = match Outline::of(text) {
            Ok(outline) => outline,
            Err(at) => {
                reader.report(&(at..at), "", DiagnosticKind::TooDeep);
                return Err(reader.into_error());
            }
        };
        let root = match DeTable::parse(text) {
            Ok(root) => root.into_inner(),
            Err(error) => {
                reader.not_toml(&error, &outline);
                return Err(reader.into_error());
            }
        };

        let own_base = base.is_none();
        let preset = root.get("preset").filter(|_| own_base);
        let preset: Option<Preset> = preset.and_then(|value| reader.word(value, "preset", &Preset::WORDS));
        let base = base.unwrap_or_else(|| of_preset(preset.unwrap_or(Preset::Default)));

        let mut others = None;
        let mut limits = Limits::of(&base.ceilings);
        if let Some(value) = root.get("ceilings") {
            limits.read(&mut reader, value);
        }
        let mut defaults = Section::default();
        let mut hooks = BTreeMap::new();
        let mut tenants = BTreeMap::new();
        let (mut operators, mut placements) = (Vec::new(), Vec::new());
        let mut requirements = BTreeMap::new();
        for (key, value) in &root {
            match &**key.get_ref() {
                "preset" if own_base => {}
                "ceilings" => {}
                "unknown_tenants" => {
                    others = reader.word(value, "unknown_tenants", &OtherTenants::WORDS);
                }
                "defaults" => {
                    if let Some(table) = reader.table(value, "defaults") {
                        defaults = Section::read(&mut reader, table, "defaults", About::All, &limits);
                    }
                }
                "hooks" => {
                    hooks = read_hooks(&mut reader, value, "hooks", &limits, false);
                    requirements = Requirement::read_all(&mut reader, value);
                }
                "tenants" => tenants = read_tenants(&mut reader, value, &limits),
                "operators" => operators = Operator::read_all(&mut reader, value),
                "placement" => placements = Placement::read_all(&mut reader, value),
                name => {
                    let known = [
                        "preset",
                        "unknown_tenants",
                        "ceilings",
                        "defaults",
                        "hooks",
                        "tenants",
                        "operators",
                        "placement",
                    ];
                    reader.unknown_key(key, &join("", name), &known);
                }
            }
        }
        let written = root.get("defaults").and_then(|value| value.get_ref().as_table());
        limits.check_inherited(&mut reader, written, &base.defaults);
        let defaults = base.defaults.under(&defaults);
        let ceilings = limits.ceilings;
        let mut policy = Self {
            file,
            others: others.unwrap_or(base.others),
            ceilings,
            defaults,
            hooks,
            tenants,
            operators,
            placements,
            requirements,
        };
        // A file that names tenants accepts only those; the preset's rule for other tenants applies to files that name
        // none.
        if others.is_none() && !policy.named_tenants().is_empty() {
            policy.others = OtherTenants::Refuse;
        }
        if reader.is_valid() {
            policy.check_backoffs(&mut reader);
        }
        reader.finish()?;
        Ok(policy)
    }
}

/// The preset, read once.
fn of_preset(preset: Preset) -> &'static Policy {
    static DEFAULT: LazyLock<Policy> = LazyLock::new(|| read_preset(Preset::Default));
    static STRICT: LazyLock<Policy> = LazyLock::new(|| read_preset(Preset::Strict));
    match preset {
        Preset::Default => &DEFAULT,
        Preset::Strict => &STRICT,
    }
}

fn read_preset(preset: Preset) -> Policy {
    // The text is part of the binary and every preset is read in the tests, so this never fails at run time.
    Policy::parse_preset(preset).unwrap_or_else(|error| panic!("a preset of this crate is wrong: {error}"))
}

fn located<T>(origin: &Origin, value: T) -> Located<T> {
    Located { value, origin: origin.clone() }
}

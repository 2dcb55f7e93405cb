//! Sections: the settings of `[defaults]`, a hook point, a tenant, or a tenant's hook point.
//!
//! A [`Section`] contains only the settings that were written in it. [`Defaults`] are complete, because they extend
//! those of a preset.

use std::array::from_fn;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable};

use crate::cause::{DenialCause, FaultCause};
use crate::disposition::Disposition;
use crate::error::DiagnosticKind;
use crate::key::{KEYS, Key, PerKey};
use crate::option::{Deadline, MemoryErrors, Switch};
use crate::origin::{Located, Origin};
use crate::read::{Reader, Value, join, nearest};
use crate::rules::State;
use crate::text::shown;

const FAULTS: usize = FaultCause::ALL.len();
const DENIALS: usize = DenialCause::ALL.len();

/// What a section is about. It determines the section's keys and the suggestions for wrong ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum About<'n> {
    /// Every tenant and hook point.
    All,
    /// A hook point; `requirement.rs` reads what it requires.
    HookPoint(&'n str),
    /// A tenant at a hook point.
    TenantAt(&'n str),
    /// A tenant; its `hooks` and `grants` are read elsewhere.
    Tenant(&'n str),
}

/// Keys of every section beside the amounts.
const CHOICES: [&str; 6] = ["state", "memory_errors", "deadline", "quarantine", "on_fault", "on_denied"];

/// The settings of one section.
#[derive(Clone, Debug, Default)]
pub(crate) struct Section {
    amounts: PerKey<Option<Located<u64>>>,
    pub(crate) state: Option<Located<State>>,
    pub(crate) memory_errors: Option<Located<MemoryErrors>>,
    pub(crate) deadline: Option<Located<Deadline>>,
    pub(crate) quarantine: Option<Located<Switch>>,
    faults: CauseTable<FAULTS>,
    denials: CauseTable<DENIALS>,
}

/// An `on_fault` or `on_denied` table.
#[derive(Clone, Debug)]
struct CauseTable<const N: usize> {
    named: [Option<Located<Disposition>>; N],
    any: Option<Located<Disposition>>,
}

impl<const N: usize> Default for CauseTable<N> {
    fn default() -> Self {
        Self { named: [const { None }; N], any: None }
    }
}

impl<const N: usize> CauseTable<N> {
    /// The setting for a cause: under its name, else as `any`.
    fn get(&self, cause: usize) -> Option<&Located<Disposition>> {
        self.named[cause].as_ref().or(self.any.as_ref())
    }

    fn read<'t>(reader: &mut Reader<'t>, value: &Value<'t>, path: &str, causes: [&'static str; N]) -> Self {
        let mut read = Self::default();
        let Some(table) = reader.table(value, path) else {
            return read;
        };
        let section = Arc::from(path);
        for (key, value) in table {
            let path = join(path, key.get_ref());
            let slot = match causes.iter().position(|cause| cause == key.get_ref()) {
                Some(cause) => &mut read.named[cause],
                None if key.get_ref() == "any" => &mut read.any,
                None => {
                    let known: Vec<_> = causes.into_iter().chain(["any"]).collect();
                    reader.unknown_key(key, &path, &known);
                    continue;
                }
            };
            if let Some(disposition) = reader.disposition(value, &path) {
                *slot = Some(reader.located(disposition, &value.span(), &section, &path));
            }
        }
        read
    }
}

impl Section {
    /// Reads a section. Budgets are checked against `limits`.
    pub(crate) fn read<'t>(
        reader: &mut Reader<'t>,
        table: &DeTable<'t>,
        path: &str,
        about: About<'_>,
        limits: &Limits,
    ) -> Self {
        let mut read = Self::default();
        let section = Arc::from(path);
        for (key, value) in table {
            let path = join(path, key.get_ref());
            let span = value.span();
            match &**key.get_ref() {
                "state" => {
                    let state = reader.word(value, &path, &State::WORDS);
                    read.state = state.map(|state| reader.located(state, &span, &section, &path));
                }
                "memory_errors" => {
                    let errors = reader.word(value, &path, &MemoryErrors::WORDS);
                    read.memory_errors = errors.map(|errors| reader.located(errors, &span, &section, &path));
                }
                "deadline" => {
                    let deadline = reader.deadline(value, &path);
                    read.deadline = deadline.map(|deadline| reader.located(deadline, &span, &section, &path));
                }
                "quarantine" => {
                    let switch = reader.word(value, &path, &Switch::WORDS);
                    read.quarantine = switch.map(|switch| reader.located(switch, &span, &section, &path));
                }
                "on_fault" => read.faults = CauseTable::read(reader, value, &path, FaultCause::WORDS),
                "on_denied" => read.denials = CauseTable::read(reader, value, &path, DenialCause::WORDS),
                "hooks" | "grants" if matches!(about, About::Tenant(_)) => {}
                "required" | "closed" if matches!(about, About::HookPoint(_)) => {}
                name => match Key::from_name(name) {
                    Some(amount) if amount.is_tenants() && about.is_hook_point() => {
                        reader.report(&key.span(), path, DiagnosticKind::TenantWide);
                    }
                    Some(of) => {
                        let amount = reader.amount(value, &path, of);
                        if let Some(amount) = amount.filter(|amount| limits.allow(reader, of, *amount, &span, &path)) {
                            read.amounts[of.index()] = Some(reader.located(amount, &span, &section, &path));
                        }
                    }
                    None => about.unknown_key(reader, key, value, &path),
                },
            }
        }
        read
    }

    /// The setting for an amount.
    pub(crate) fn amount(&self, key: Key) -> Option<&Located<u64>> {
        self.amounts[key.index()].as_ref()
    }

    /// The setting for a fault.
    pub(crate) fn fault(&self, cause: FaultCause) -> Option<&Located<Disposition>> {
        self.faults.get(cause as usize)
    }

    /// The setting for a denial.
    pub(crate) fn denial(&self, cause: DenialCause) -> Option<&Located<Disposition>> {
        self.denials.get(cause as usize)
    }

    /// Where the first setting of the section is.
    pub(crate) fn first(&self) -> Option<&Origin> {
        let amounts = self.amounts.iter().flatten().map(|written| &written.origin);
        let choices = [
            self.state.as_ref().map(|written| &written.origin),
            self.memory_errors.as_ref().map(|written| &written.origin),
            self.deadline.as_ref().map(|written| &written.origin),
            self.quarantine.as_ref().map(|written| &written.origin),
        ];
        let faults = FaultCause::ALL.iter().filter_map(|cause| Some(&self.fault(*cause)?.origin));
        let denials = DenialCause::ALL.iter().filter_map(|cause| Some(&self.denial(*cause)?.origin));
        amounts.chain(choices.into_iter().flatten()).chain(faults).chain(denials).min_by_key(|origin| origin.line)
    }
}

impl About<'_> {
    /// Whether it is about one hook point.
    fn is_hook_point(self) -> bool {
        matches!(self, About::HookPoint(_) | About::TenantAt(_))
    }

    /// Reports a key that no such section has. For `[hooks.web.request]`, where the hook point is named `web.request`,
    /// the error suggests quotes.
    fn unknown_key<'t>(self, reader: &mut Reader<'t>, key: &Spanned<DeString<'t>>, value: &Value<'t>, path: &str) {
        let fits = |key: &Key| !key.is_tenants() || !self.is_hook_point();
        let mut known: Vec<_> = Key::all().filter(fits).map(Key::name).collect();
        known.extend(CHOICES);
        match self {
            About::Tenant(_) => known.extend(["hooks", "grants"]),
            About::HookPoint(_) => known.extend(["required", "closed"]),
            About::All | About::TenantAt(_) => {}
        }
        match self {
            About::HookPoint(name) | About::TenantAt(name) | About::Tenant(name)
                if value.get_ref().is_table() && nearest(key.get_ref(), &known).is_none() =>
            {
                let name = shown(&format!("{name}.{}", key.get_ref()));
                reader.report(&key.span(), path, DiagnosticKind::UnquotedName { name });
            }
            _ => reader.unknown_key(key, path, &known),
        }
    }
}

/// The ceilings of the file that is being read.
pub(crate) struct Limits {
    pub(crate) ceilings: PerKey<Located<u64>>,
    /// The ceilings that this file sets, and where.
    spans: PerKey<Option<Range<usize>>>,
    /// The ceilings that are invalid themselves: nothing is checked against those.
    unusable: PerKey<bool>,
}

impl Limits {
    /// The ceilings of a preset, before the file changes them.
    pub(crate) fn of(ceilings: &PerKey<Located<u64>>) -> Self {
        Self { ceilings: ceilings.clone(), spans: [const { None }; KEYS], unusable: [false; KEYS] }
    }

    /// Reads `[ceilings]`.
    pub(crate) fn read<'t>(&mut self, reader: &mut Reader<'t>, value: &Value<'t>) {
        const PATH: &str = "ceilings";
        let Some(table) = reader.table(value, PATH) else {
            self.unusable = [true; KEYS];
            return;
        };
        let section = Arc::from(PATH);
        for (key, value) in table {
            let path = join(PATH, key.get_ref());
            let Some(of) = Key::from_name(key.get_ref()).filter(|key| key.has_ceiling()) else {
                reader.unknown_key(key, &path, &Key::with_ceiling().map(Key::name).collect::<Vec<_>>());
                continue;
            };
            let span = value.span();
            match reader.amount(value, &path, of) {
                Some(amount) => self.ceilings[of.index()] = reader.located(amount, &span, &section, &path),
                None => self.unusable[of.index()] = true,
            }
            self.spans[of.index()] = Some(span);
        }
    }

    /// Whether a policy with these ceilings may grant this amount; if not, an error is reported.
    fn allow(&self, reader: &mut Reader<'_>, key: Key, amount: u64, span: &Range<usize>, path: &str) -> bool {
        let ceiling = &self.ceilings[key.index()];
        if amount <= ceiling.value || self.unusable[key.index()] {
            return true;
        }
        let kind = DiagnosticKind::OverCeiling {
            value: key.amount(amount),
            ceiling: key.amount(ceiling.value),
            set_at: ceiling.origin.clone(),
        };
        reader.report(span, path, kind);
        false
    }

    /// Reports the ceilings that are below the preset's default, for the fields that `[defaults]` does not set.
    pub(crate) fn check_inherited(&self, reader: &mut Reader<'_>, defaults: Option<&DeTable<'_>>, base: &Defaults) {
        for key in Key::all() {
            let (name, ceiling) = (key.name(), self.ceilings[key.index()].value);
            let inherited = base.amount(key);
            let written = defaults.is_some_and(|table| table.contains_key(name));
            let Some(span) = &self.spans[key.index()] else {
                continue;
            };
            if ceiling < inherited.value && !written && !self.unusable[key.index()] {
                let kind = DiagnosticKind::CeilingUnderDefault {
                    ceiling: key.amount(ceiling),
                    default: key.amount(inherited.value),
                    set_at: inherited.origin.clone(),
                };
                reader.report(span, join("ceilings", name), kind);
            }
        }
    }
}

/// The settings that apply where no section sets anything: complete.
#[derive(Clone, Debug)]
pub(crate) struct Defaults {
    pub(crate) amounts: PerKey<Located<u64>>,
    pub(crate) state: Located<State>,
    pub(crate) memory_errors: Located<MemoryErrors>,
    pub(crate) deadline: Located<Deadline>,
    pub(crate) quarantine: Located<Switch>,
    pub(crate) faults: [Located<Disposition>; FAULTS],
    pub(crate) denials: [Located<Disposition>; DENIALS],
}

impl Defaults {
    /// Returns these defaults, overridden by `section`.
    pub(crate) fn under(&self, section: &Section) -> Self {
        Self {
            amounts: from_fn(|i| section.amounts[i].as_ref().unwrap_or(&self.amounts[i]).clone()),
            state: section.state.as_ref().unwrap_or(&self.state).clone(),
            memory_errors: section.memory_errors.as_ref().unwrap_or(&self.memory_errors).clone(),
            deadline: section.deadline.as_ref().unwrap_or(&self.deadline).clone(),
            quarantine: section.quarantine.as_ref().unwrap_or(&self.quarantine).clone(),
            faults: from_fn(|i| section.faults.get(i).unwrap_or(&self.faults[i]).clone()),
            denials: from_fn(|i| section.denials.get(i).unwrap_or(&self.denials[i]).clone()),
        }
    }

    pub(crate) fn amount(&self, key: Key) -> &Located<u64> {
        &self.amounts[key.index()]
    }

    pub(crate) fn fault(&self, cause: FaultCause) -> &Located<Disposition> {
        &self.faults[cause as usize]
    }

    pub(crate) fn denial(&self, cause: DenialCause) -> &Located<Disposition> {
        &self.denials[cause as usize]
    }
}

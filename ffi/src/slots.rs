//! The slot of each part of the arguments, computed once, when a hook point is declared.
//!
//! A slot is named by a path: `prefix`, `attributes.metric`, `peer.timers.configured.hold`. The elements of a list or a
//! map are `[]`: `attributes.as_path[]`, `paths[].next_hop`. Every list and map opens a *scope*: its elements' slots
//! lie relative to the element that is being written, of which there is one per scope. Scope 0 is the arguments
//! themselves.

use std::collections::HashMap;
use std::sync::Arc;

use tenterhook::hooks::schema::{Declaration, EnumType, Syntax, Type};

/// Names a slot in the arguments of a hook point; it stays the same as long as the hook point lives. 0 is no slot, so a
/// struct of slots that was filled with zeros names nothing.
pub type th_slot = u32;

/// The kind of value of a slot.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Boolean,
    Integer {
        min: i64,
        max: i64,
    },
    Float,
    String {
        max: u32,
        utf8: bool,
    },
    Address,
    Prefix,
    Enum(Arc<EnumType>),
    /// `element` is the slot size of one element, `scope` its scope.
    List {
        max: u32,
        element: u32,
        scope: u32,
        holds: Holds,
    },
    /// Stored as a list of keys and values.
    Map {
        max: u32,
        element: u32,
        scope: u32,
    },
    Record,
}

/// The kinds of lists that can be set in one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Holds {
    Integers {
        min: i64,
        max: i64,
    },
    /// Texts of at most `max` bytes, of this syntax if there is one.
    #[cfg_attr(not(feature = "bgp"), allow(dead_code))]
    Texts {
        max: u32,
        syntax: Option<&'static Syntax>,
    },
    Other,
}

#[derive(Debug)]
pub(crate) struct Slot {
    pub path: String,
    pub kind: Kind,
    /// Offset from the start of the scope's element.
    pub at: u32,
    pub scope: u32,
    /// Whether the value may be absent.
    pub optional: bool,
    /// The presence bytes of the optionals around it, outermost first; its own last.
    pub presence: Vec<u32>,
    /// The number of integers whose slots follow each other from this one on, including itself: eight bytes each, in
    /// the same optionals. 0 if it is not an integer.
    pub row: u32,
}

impl Slot {
    /// Whether `next` lies directly behind, and is present whenever this one is.
    fn is_before(&self, next: &Slot) -> bool {
        next.scope == self.scope && next.at == self.at + 8 && next.presence == self.presence
    }
}

/// A slot whose zero bytes are not a value: it has to be set if what surrounds it is present.
#[derive(Debug)]
pub(crate) struct Needed {
    pub at: u32,
    presence: Vec<u32>,
}

impl Needed {
    /// Whether what surrounds it is present, and it is not set.
    pub fn is_missing(&self, arguments: &[u8]) -> bool {
        is_zero(arguments, self.at) && !self.presence.iter().any(|at| is_zero(arguments, *at))
    }

    /// Whether it is set; then it stays so, whatever is set later.
    pub fn is_set(&self, arguments: &[u8]) -> bool {
        !is_zero(arguments, self.at)
    }
}

/// Whether the eight bytes at `at` are zero.
fn is_zero(arguments: &[u8], at: u32) -> bool {
    arguments.get(at as usize..at as usize + 8).is_none_or(|bytes| bytes == [0; 8])
}

/// The slots of a hook point.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    slots: Vec<Slot>,
    names: HashMap<String, th_slot>,
    /// The size of all slots of the arguments, in bytes.
    pub head: usize,
    /// The number of scopes.
    pub scopes: u32,
    /// Only for scope 0: elements of lists are checked as they are set.
    pub needed: Vec<Needed>,
}

impl Slots {
    pub fn of(declaration: &Declaration) -> Slots {
        let mut slots = Slots { scopes: 1, head: declaration.head(), ..Slots::default() };
        for (argument, at) in declaration.arguments.iter().zip(declaration.offsets()) {
            slots.walk(argument.name.clone(), &argument.ty, at as u32, 0, &[], false);
        }
        slots.rows();
        slots
    }

    /// Notes which integers are consecutive, beginning with the last slot.
    fn rows(&mut self) {
        for number in (0..self.slots.len()).rev() {
            let (before, after) = self.slots.split_at_mut(number + 1);
            let Some(slot) = before.last_mut().filter(|slot| matches!(slot.kind, Kind::Integer { .. })) else {
                continue;
            };
            slot.row = 1 + after.first().filter(|next| slot.is_before(next)).map_or(0, |next| next.row);
        }
    }

    /// The consecutive integers from `slot` on.
    pub fn row(&self, slot: th_slot) -> &[Slot] {
        let from = (slot as usize).wrapping_sub(1);
        let row = self.slots.get(from..).unwrap_or_default();
        // A row ends within the slots.
        &row[..row.first().map_or(0, |slot| slot.row as usize)]
    }

    pub fn find(&self, path: &str) -> Option<th_slot> {
        self.names.get(path).copied()
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|slot| slot.path.as_str())
    }

    #[inline]
    pub fn get(&self, slot: th_slot) -> Option<&Slot> {
        self.slots.get((slot as usize).wrapping_sub(1))
    }

    /// Adds the slots of a value whose own slot is at `at` of its scope. Declarations keep offsets below 64 KiB.
    fn walk(&mut self, path: String, ty: &Type, at: u32, scope: u32, presence: &[u32], optional: bool) {
        if let Type::Optional(inner) = ty {
            let around: Vec<u32> = presence.iter().copied().chain([at]).collect();
            return self.walk(path, inner, at + 8, scope, &around, true);
        }
        let kind = match ty {
            Type::Boolean => Kind::Boolean,
            Type::Integer { min, max } => Kind::Integer { min: *min, max: *max },
            Type::Float => Kind::Float,
            Type::String { max, utf8, .. } => Kind::String { max: *max, utf8: *utf8 },
            Type::Address => Kind::Address,
            Type::Prefix => Kind::Prefix,
            Type::Enum(e) => Kind::Enum(Arc::clone(e)),
            Type::List { element, max } => {
                let holds = match &**element {
                    Type::Integer { min, max } => Holds::Integers { min: *min, max: *max },
                    Type::String { max, syntax, .. } => Holds::Texts { max: *max, syntax: *syntax },
                    _ => Holds::Other,
                };
                Kind::List { max: *max, element: element.slot() as u32, scope: self.scope(), holds }
            }
            Type::Map { value, max } => Kind::Map { max: *max, element: 8 + value.slot() as u32, scope: self.scope() },
            Type::Record(_) | Type::Optional(_) => Kind::Record,
        };
        if scope == 0 && no_zero(&kind) {
            self.needed.push(Needed { at, presence: presence.to_vec() });
        }
        let inner = match kind {
            Kind::List { scope, .. } | Kind::Map { scope, .. } => scope,
            _ => scope,
        };
        self.slots.push(Slot { path: path.clone(), kind, at, scope, optional, presence: presence.to_vec(), row: 0 });
        // Declarations have at most 8192 parts.
        self.names.insert(path.clone(), self.slots.len() as th_slot);
        match ty {
            Type::List { element, .. } => self.walk(format!("{path}[]"), element, 0, inner, &[], false),
            Type::Map { value, .. } => self.walk(format!("{path}[]"), value, 8, inner, &[], false),
            Type::Record(record) => {
                for (field, offset) in record.fields.iter().zip(record.offsets()) {
                    let path = format!("{path}.{}", field.name);
                    self.walk(path, &field.ty, at + offset as u32, scope, presence, false);
                }
            }
            _ => {}
        }
    }

    fn scope(&mut self) -> u32 {
        self.scopes += 1;
        self.scopes - 1
    }
}

/// Whether zero bytes are not a value of this kind.
fn no_zero(kind: &Kind) -> bool {
    match kind {
        Kind::Address | Kind::Prefix => true,
        Kind::Integer { min, max } => *min > 0 || *max < 0,
        _ => false,
    }
}

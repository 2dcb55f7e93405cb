//! The tagged bytes in which a guest answers (guest-lua/shim/answer.h writes this format).
//!
//! | tag | bytes | meaning |
//! | --- | --- | --- |
//! | 0 | | nil |
//! | 1, 2 | | false, true |
//! | 3 | i64 | integer |
//! | 4 | f64 | float |
//! | 5 | u32, bytes | string |
//! | 6 | (key, value)…, 7 | table; keys are values |
//! | 8, 9 | 24 | address, prefix, as slots (types/layout.rs) |
//! | 10 | u8, (name, value)…, 7 | changes of the `inout` argument at that position |
//! | 11 | u8 | something that cannot travel, by Lua type; 0x63: a view of an earlier call |
//! | 12 | | the table is inside itself |
//! | 13 | | nested deeper than 32 levels |
//! | 14 | | the answer is larger than allowed; nothing follows |
//! | 15 | | the handler returned no value: an empty answer, as nil is |

use std::net::IpAddr;

use crate::dynamic::{Prefix, address_from_slot};

/// One step of an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tag<'a> {
    /// `nil`.
    Nil,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Bytes.
    String(&'a [u8]),
    /// A table starts; pairs of key and value follow, then [`Tag::End`].
    Table,
    /// The innermost table or changes end.
    End,
    /// An address.
    Address(IpAddr),
    /// A prefix.
    Prefix(Prefix),
    /// Changes of an `inout` argument start; pairs of name and value follow, then [`Tag::End`].
    Changes(u8),
    /// A value that cannot travel; its Lua type.
    Unsupported(u8),
    /// A table inside itself.
    Cycle,
    /// Nested too deep.
    TooDeep,
    /// The answer is larger than allowed.
    TooLarge,
    /// No value was returned.
    Nothing,
}

/// Reads an answer step by step.
#[derive(Debug, Clone)]
pub struct Wire<'a> {
    bytes: &'a [u8],
}

impl<'a> Wire<'a> {
    /// The answer in `bytes`.
    pub fn new(bytes: &'a [u8]) -> Wire<'a> {
        Wire { bytes }
    }

    /// Whether everything has been read.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.bytes.split_first_chunk::<N>()?;
        self.bytes = rest;
        Some(*head)
    }

    /// Reads this tag if it is the next one; otherwise reads nothing. Most answers consist of such steps: a [`Tag`] of
    /// any kind goes through memory, which takes longer than reading it.
    #[inline]
    fn after(&self, tag: u8) -> Option<&'a [u8]> {
        self.bytes.split_first().filter(|(next, _)| **next == tag).map(|(_, rest)| rest)
    }

    /// Reads the end of the innermost table or changes, if it is next.
    #[inline]
    pub fn end(&mut self) -> bool {
        self.after(7).inspect(|rest| self.bytes = rest).is_some()
    }

    /// Reads the next step if it is a string; otherwise reads nothing.
    #[inline]
    pub fn string(&mut self) -> Option<&'a [u8]> {
        let (len, rest) = self.after(5)?.split_first_chunk()?;
        let (string, rest) = rest.split_at_checked(u32::from_le_bytes(*len) as usize)?;
        self.bytes = rest;
        Some(string)
    }

    /// Reads the next step if it is an integer; otherwise reads nothing.
    #[inline]
    pub fn integer(&mut self) -> Option<i64> {
        let (number, rest) = self.after(3)?.split_first_chunk()?;
        self.bytes = rest;
        Some(i64::from_le_bytes(*number))
    }

    /// Reads the next step; `None` if the bytes are not an answer.
    #[inline]
    pub fn step(&mut self) -> Option<Tag<'a>> {
        let [tag] = self.take()?;
        Some(match tag {
            0 => Tag::Nil,
            1 => Tag::Boolean(false),
            2 => Tag::Boolean(true),
            3 => Tag::Integer(i64::from_le_bytes(self.take()?)),
            4 => Tag::Float(f64::from_le_bytes(self.take()?)),
            5 => {
                let len = u32::from_le_bytes(self.take()?) as usize;
                let (head, rest) = self.bytes.split_at_checked(len)?;
                self.bytes = rest;
                Tag::String(head)
            }
            6 => Tag::Table,
            7 => Tag::End,
            8 => Tag::Address(address_from_slot(&self.take()?)?),
            9 => Tag::Prefix(Prefix::from_slot(&self.take()?)?),
            10 => Tag::Changes(u8::from_le_bytes(self.take()?)),
            11 => Tag::Unsupported(u8::from_le_bytes(self.take()?)),
            12 => Tag::Cycle,
            13 => Tag::TooDeep,
            14 => Tag::TooLarge,
            15 => Tag::Nothing,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_left_to_the_next_step() {
        let mut wire = Wire::new(&[7, 3, 9, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0, 0, 0, b'a', b'b']);
        assert_eq!((wire.string(), wire.integer()), (None, None));
        assert!(wire.end());
        assert!(!wire.end());
        assert_eq!(wire.string(), None);
        assert_eq!(wire.clone().step(), Some(Tag::Integer(9)));
        assert_eq!(wire.integer(), Some(9));
        assert_eq!(wire.integer(), None);
        assert_eq!(wire.clone().step(), Some(Tag::String(b"ab")));
        assert_eq!(wire.string(), Some(&b"ab"[..]));
        assert!(wire.is_empty() && !wire.end());
        assert_eq!((wire.string(), wire.integer(), wire.step()), (None, None, None));
    }

    #[test]
    fn what_is_cut_off_is_nothing() {
        for cut in [&[3, 0, 0, 0, 0, 0, 0, 0][..], &[5, 1, 0, 0], &[5, 2, 0, 0, 0, b'a'], &[5, 255, 255, 255, 255]] {
            let mut wire = Wire::new(cut);
            assert_eq!((wire.string(), wire.integer(), wire.end()), (None, None, false), "{cut:?}");
            assert_eq!(wire.step(), None, "{cut:?}");
        }
    }
}

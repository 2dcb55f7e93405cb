//! Communities as lists of strings, written straight into the argument buffer.
//!
//! | type | in | text |
//! | --- | --- | --- |
//! | [`Communities`] | RFC 1997, as integers | `65000:100` |
//! | [`LargeCommunities`] | RFC 8092, three integers each | `65000:1:2` |
//! | [`ExtendedCommunities`] | RFC 4360, eight bytes each | `rt:65000:1`, `soo:192.0.2.1:5`, `0x…` |
//!
//! An answer turns each into the list of its texts. Each text is one community ([`syntax`](crate::syntax) defines the
//! texts), so that a script that passes the checks offline is accepted by a router.

use tenterhook_hooks::codec::Encoder;
use tenterhook_hooks::schema::Type;
use tenterhook_hooks::value::{HookValue, MAX_LIST};

use crate::syntax::{COMMUNITY, EXTENDED_COMMUNITY, LARGE_COMMUNITY};

/// The most bytes of one community's text: more than any that is written, and enough for well-known names in answers.
const MAX_TEXT: u32 = 64;

/// Communities (RFC 1997).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Communities<'a>(pub &'a [u32]);

/// Large communities (RFC 8092): global administrator and two parts of local data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LargeCommunities<'a>(pub &'a [[u32; 3]]);

/// Extended communities (RFC 4360), in wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExtendedCommunities<'a>(pub &'a [[u8; 8]]);

macro_rules! texts {
    ($t:ty, $syntax:ident, |$item:ident, $text:ident| $write:expr) => {
        impl HookValue for $t {
            const SLOT: usize = 8;
            type Owned = Vec<String>;
            fn ty() -> Type {
                Type::written(&$syntax, MAX_TEXT).list(MAX_LIST)
            }
            #[inline]
            fn encode(&self, at: usize, out: &mut Encoder) {
                let room = out.list(at, self.0.len(), 8, MAX_LIST);
                let mut text = Text { bytes: [0; Text::ROOM], at: 0 };
                for (i, $item) in self.0.iter().enumerate().take(room.count) {
                    text.at = Text::ROOM;
                    let $text = &mut text;
                    $write;
                    out.string(room.at + i * 8, &text.bytes[text.at..], MAX_TEXT);
                }
                out.within(at);
            }
        }
    };
}

// Texts are written from their ends, because that is the order of the digits.

texts!(Communities<'_>, COMMUNITY, |c, text| {
    text.decimal(c & 0xffff);
    text.push(b":");
    text.decimal(c >> 16);
});

texts!(LargeCommunities<'_>, LARGE_COMMUNITY, |c, text| {
    text.decimal(c[2]);
    text.push(b":");
    text.decimal(c[1]);
    text.push(b":");
    text.decimal(c[0]);
});

texts!(ExtendedCommunities<'_>, EXTENDED_COMMUNITY, |c, text| extended(text, *c));

/// Route targets and sites of origin in words; anything else in digits, so that each text means one community.
fn extended(text: &mut Text, c: [u8; 8]) {
    let word: &[u8] = match c[1] {
        0x02 => b"rt:",
        0x03 => b"soo:",
        _ => return text.hexadecimal(c),
    };
    let front = u32::from_be_bytes([c[2], c[3], c[4], c[5]]);
    let back = u32::from(u16::from_be_bytes([c[6], c[7]]));
    match c[0] {
        // An AS number of two bytes, a value of four.
        0x00 => {
            text.decimal(front << 16 | back);
            text.push(b":");
            text.decimal(front >> 16);
        }
        // An IPv4 address, a value of two bytes.
        0x01 => {
            text.decimal(back);
            text.push(b":");
            for (i, byte) in c[2..6].iter().rev().enumerate() {
                if i > 0 {
                    text.push(b".");
                }
                text.decimal(u32::from(*byte));
            }
        }
        // An AS number of four bytes; a short one would read as the first kind, and the last one is reserved.
        0x02 if front > 0xffff && front != u32::MAX => {
            text.decimal(back);
            text.push(b":");
            text.decimal(front);
        }
        _ => return text.hexadecimal(c),
    }
    text.push(word);
}

/// A text that is written from its end.
struct Text {
    bytes: [u8; Text::ROOM],
    at: usize,
}

impl Text {
    /// Enough for three integers of ten digits and their separators, which is the longest text.
    const ROOM: usize = 32;

    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        self.at -= bytes.len();
        self.bytes[self.at..self.at + bytes.len()].copy_from_slice(bytes);
    }

    #[inline]
    fn decimal(&mut self, mut value: u32) {
        loop {
            self.at -= 1;
            self.bytes[self.at] = b'0' + (value % 10) as u8;
            value /= 10;
            if value == 0 {
                return;
            }
        }
    }

    fn hexadecimal(&mut self, bytes: [u8; 8]) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        for byte in bytes.iter().rev() {
            self.push(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        self.push(b"0x");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenterhook_hooks::value::Value;

    fn texts<T: HookValue>(communities: T) -> Vec<String> {
        let Ok(Value::List(items)) = Value::of(&communities) else { panic!("not a list") };
        items
            .into_iter()
            .map(|item| match item {
                Value::String(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn communities_are_two_halves() {
        assert_eq!(texts(Communities(&[0, 65_000 << 16 | 100, u32::MAX])), ["0:0", "65000:100", "65535:65535"]);
    }

    #[test]
    fn large_communities_are_three_numbers() {
        let longest = "4294967295:4294967295:4294967295";
        assert_eq!(texts(LargeCommunities(&[[0, 1, 4_294_967_295], [u32::MAX; 3]])), ["0:1:4294967295", longest]);
    }

    #[test]
    fn extended_communities_have_words_where_they_have_names() {
        let all = ExtendedCommunities(&[
            [0x00, 0x02, 0xfd, 0xe8, 0, 1, 0, 0],
            [0x00, 0x03, 0xfd, 0xe8, 0, 0, 0, 1],
            [0x01, 0x02, 192, 0, 2, 1, 0, 5],
            [0x02, 0x02, 0, 1, 0, 0, 0, 7],
            [0x02, 0x02, 0, 0, 0xfd, 0xe8, 0, 7],
            [0x40, 0x04, 0, 0, 0x12, 0x34, 0x56, 0x78],
            [0x02, 0x02, 0xff, 0xff, 0xff, 0xff, 0, 7],
        ]);
        assert_eq!(
            texts(all),
            [
                "rt:65000:65536",
                "soo:65000:1",
                "rt:192.0.2.1:5",
                "rt:65536:7",
                "0x02020000fde80007",
                "0x4004000012345678",
                "0x0202ffffffff0007"
            ]
        );
    }

    #[test]
    fn texts_fit_their_type() {
        fn fits<T: HookValue>(communities: &T) {
            let value = Value::of(communities);
            assert!(value.as_ref().is_ok_and(|v| v.fits(&T::ty())), "{value:?}");
        }
        // The text written for any community parses to that community: an answer may return what the call had.
        let edges = [0u8, 1, 2, 3, 0x40, 0x7f, 0xff];
        for (a, b) in edges.iter().flat_map(|a| edges.iter().map(move |b| (*a, *b))) {
            fits(&ExtendedCommunities(&[
                [a, b, 255, 255, 255, 255, 255, 255],
                [a, b, 0, 0, 255, 255, 0, 0],
                [a, b, 0, 1, 0, 0, b, a],
            ]));
            fits(&LargeCommunities(&[[u32::from(a), u32::MAX, 0]]));
            fits(&Communities(&[u32::from_be_bytes([a, b, b, a]), u32::MAX, 0]));
        }
    }
}

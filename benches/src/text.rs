//! Numbers and addresses as text, without allocating: what native Lua's tables hold must not be slow to write.

use std::fmt::{self, Write};
use std::net::IpAddr;

/// Most bytes that anything here takes.
const ROOM: usize = 64;

/// A short text on the stack.
#[derive(Debug)]
pub struct Text {
    bytes: [u8; ROOM],
    len: usize,
}

impl Default for Text {
    #[inline]
    fn default() -> Text {
        Text { bytes: [0; ROOM], len: 0 }
    }
}

impl Text {
    /// What was written.
    #[inline]
    pub fn as_str(&self) -> &str {
        // Only ASCII is ever written; checking that again takes a few nanoseconds.
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }

    /// Appends an ASCII byte; one too many is dropped, and the engines would be seen to disagree.
    #[inline]
    pub fn push(&mut self, byte: u8) -> &mut Text {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
        self
    }

    /// Appends digits.
    #[inline]
    pub fn decimal(&mut self, mut value: u32) -> &mut Text {
        let mut digits = [0; 10];
        let mut at = digits.len();
        loop {
            at -= 1;
            digits[at] = b'0' + (value % 10) as u8;
            value /= 10;
            if value == 0 {
                break;
            }
        }
        for digit in &digits[at..] {
            self.push(*digit);
        }
        self
    }

    /// Appends an address.
    #[inline]
    pub fn address(&mut self, address: IpAddr) -> &mut Text {
        match address {
            IpAddr::V4(v4) => {
                let [a, b, c, d] = v4.octets().map(u32::from);
                self.decimal(a).push(b'.').decimal(b).push(b'.').decimal(c).push(b'.').decimal(d)
            }
            // Not timed.
            IpAddr::V6(v6) => self.format(format_args!("{v6}")),
        }
    }

    /// Appends anything that can be formatted.
    pub fn format(&mut self, arguments: fmt::Arguments<'_>) -> &mut Text {
        // Writing to memory does not fail; see `push`.
        let _ = self.write_fmt(arguments);
        self
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            self.push(byte);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_rust_writes_them() {
        for value in [0, 9, 10, 65_535, u32::MAX] {
            assert_eq!(Text::default().decimal(value).as_str(), value.to_string());
        }
        for address in ["0.0.0.0", "192.0.2.1", "255.255.255.255", "2001:db8::1"] {
            let address: IpAddr = address.parse().expect("an address");
            assert_eq!(Text::default().address(address).as_str(), address.to_string());
        }
    }
}

//! A slice that is read from its front and never past its end.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why a record does not decode; it becomes the reason of a [`Skipped`](super::reader::Skipped).
pub(super) type Reason = String;

/// An address family with plain prefixes, by its IANA number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Afi {
    Ipv4,
    Ipv6,
}

impl Afi {
    pub(super) fn from_number(number: u16) -> Option<Self> {
        match number {
            1 => Some(Self::Ipv4),
            2 => Some(Self::Ipv6),
            _ => None,
        }
    }
}

/// How many bytes an AS number takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AsWidth {
    Two,
    Four,
}

/// The unread rest of a slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Reason> {
        let Some((taken, rest)) = self.0.split_at_checked(count) else {
            return Err(short(count, self.left()));
        };
        self.0 = rest;
        Ok(taken)
    }

    /// Everything that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Reason> {
        let Some((taken, rest)) = self.0.split_first_chunk::<N>() else {
            return Err(short(N, self.left()));
        };
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Reason> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Reason> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Reason> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn asn(&mut self, width: AsWidth) -> Result<u32, Reason> {
        match width {
            AsWidth::Two => self.u16().map(u32::from),
            AsWidth::Four => self.u32(),
        }
    }

    pub(super) fn ipv4(&mut self) -> Result<Ipv4Addr, Reason> {
        self.array::<4>().map(Ipv4Addr::from)
    }

    pub(super) fn address(&mut self, afi: Afi) -> Result<IpAddr, Reason> {
        match afi {
            Afi::Ipv4 => self.ipv4().map(IpAddr::V4),
            Afi::Ipv6 => self.array::<16>().map(Ipv6Addr::from).map(IpAddr::V6),
        }
    }
}

fn short(wanted: usize, left: usize) -> Reason {
    format!("expected {wanted} bytes, got {left}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_to_the_end_and_no_further() {
        let mut cursor = Cursor(&[1, 0, 2, 0, 0, 0, 3, 9]);
        assert_eq!(cursor.u8(), Ok(1));
        assert_eq!(cursor.u16(), Ok(2));
        assert_eq!(cursor.take(6).unwrap_err(), "expected 6 bytes, got 5");
        assert_eq!(cursor.asn(AsWidth::Four), Ok(3));
        assert!(cursor.address(Afi::Ipv4).is_err());
        assert_eq!(cursor.rest(), [9]);
        assert!(cursor.is_empty());
        assert!(cursor.u8().is_err());
        assert_eq!(cursor.take(0), Ok(&[][..]));
    }
}

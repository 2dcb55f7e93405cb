//! An IP prefix.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use thiserror::Error;

/// An address and the number of its leading bits that count. The bits behind that length are kept as given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prefix {
    address: IpAddr,
    length: u8,
}

/// Why a prefix could not be created.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a prefix such as 192.0.2.0/24 or 2001:db8::/32, got {0}")]
pub struct PrefixError(String);

impl Prefix {
    /// 203.0.113.0/24, a prefix for documentation.
    pub const SAMPLE: Prefix = Prefix { address: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 0)), length: 24 };

    /// A prefix of `length` bits.
    ///
    /// # Errors
    /// A length over 32 (IPv4) or 128 (IPv6).
    pub fn new(address: IpAddr, length: u8) -> Result<Prefix, PrefixError> {
        let most = if address.is_ipv4() { 32 } else { 128 };
        if length > most {
            return Err(PrefixError(format!("{address}/{length}")));
        }
        Ok(Prefix { address, length })
    }

    /// The address, with all the bits that it was created with.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The number of leading bits that count.
    pub fn length(&self) -> u8 {
        self.length
    }

    /// The prefix that 24 slot bytes represent (types/layout.rs), if they do.
    pub(crate) fn from_slot(slot: &[u8; 24]) -> Option<Prefix> {
        Prefix::new(address_from_slot(slot)?, slot[1]).ok()
    }

    /// The 24 bytes of this prefix's slot.
    pub(crate) fn to_slot(self) -> [u8; 24] {
        let mut slot = address_to_slot(self.address);
        slot[1] = self.length;
        slot
    }
}

/// Linux's AF_INET and AF_INET6, which scripts see as `family`.
const INET: u8 = 2;
const INET6: u8 = 10;

pub(crate) fn address_from_slot(slot: &[u8; 24]) -> Option<IpAddr> {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&slot[2..18]);
    match slot[0] {
        INET => Some(IpAddr::V4(Ipv4Addr::new(bytes[0], bytes[1], bytes[2], bytes[3]))),
        INET6 => Some(IpAddr::V6(Ipv6Addr::from(bytes))),
        _ => None,
    }
}

pub(crate) fn address_to_slot(address: IpAddr) -> [u8; 24] {
    let mut slot = [0; 24];
    match address {
        IpAddr::V4(v4) => {
            slot[0] = INET;
            slot[2..6].copy_from_slice(&v4.octets());
        }
        IpAddr::V6(v6) => {
            slot[0] = INET6;
            slot[2..18].copy_from_slice(&v6.octets());
        }
    }
    slot
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.length)
    }
}

impl FromStr for Prefix {
    type Err = PrefixError;

    fn from_str(s: &str) -> Result<Self, PrefixError> {
        let wrong = || PrefixError(format!("\"{s}\""));
        let (address, length) = s.split_once('/').ok_or_else(wrong)?;
        if length.is_empty() || length.len() > 3 || !length.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        Prefix::new(address.parse().map_err(|_| wrong())?, length.parse().map_err(|_| wrong())?)
    }
}

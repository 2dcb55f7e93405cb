//! An interface of the router.

use std::net::{IpAddr, Ipv4Addr};

use tenterhook_hooks::HookRecord;
use tenterhook_hooks::value::Prefix;

/// An interface.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq)]
pub struct Interface<'a> {
    /// Its name.
    pub name: &'a str,
    /// The kernel's index; 0 where the kernel does not have it.
    pub ifindex: u32,
    /// The VRF that it is in; 0 is the default.
    pub vrf: u32,
    /// Whether it is administratively and operationally up.
    pub up: bool,
    /// The kernel's IFF bits.
    pub flags: u64,
    /// Metric.
    pub metric: u32,
    /// IPv4 MTU in bytes.
    pub mtu: u32,
    /// IPv6 MTU in bytes.
    pub mtu6: u32,
    /// Bandwidth in kbit/s; 0 where it is not known.
    pub bandwidth: u32,
    /// Speed in Mbit/s; 0 where it is not known.
    pub speed: u32,
    /// Link-layer address such as "52:54:00:12:34:56"; empty where it has none.
    pub mac: &'a str,
    /// Description from the configuration; empty where there is none.
    pub description: &'a str,
    /// Addresses with their prefix lengths.
    pub addresses: &'a [Prefix],
}

impl Interface<'static> {
    /// An Ethernet interface, with an address for documentation.
    pub fn sample() -> Interface<'static> {
        static ADDRESSES: std::sync::LazyLock<Vec<Prefix>> =
            std::sync::LazyLock::new(|| Prefix::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)), 24).into_iter().collect());
        Interface {
            name: "eth0",
            ifindex: 2,
            vrf: 0,
            up: true,
            flags: 0x11043,
            metric: 0,
            mtu: 1500,
            mtu6: 1500,
            bandwidth: 1_000_000,
            speed: 1000,
            mac: "52:54:00:12:34:56",
            description: "upstream",
            addresses: &ADDRESSES,
        }
    }
}

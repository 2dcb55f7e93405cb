//! Address families by their numbers, for those whose routes are counted but not read.

use std::collections::BTreeMap;
use std::fmt;

/// The most families of a file that are counted separately: hostile files could name 16 million.
const MOST: usize = 256;

/// Address family and subsequent address family, by the numbers that IANA gave them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Family {
    /// Address family identifier.
    pub afi: u16,
    /// Subsequent address family identifier.
    pub safi: u8,
}

/// Displays as `IPv4 VPN`; as numbers if there is no name.
impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.afi {
            1 => f.write_str("IPv4")?,
            2 => f.write_str("IPv6")?,
            25 => f.write_str("L2VPN")?,
            16_388 => f.write_str("BGP-LS")?,
            afi => write!(f, "AFI {afi}")?,
        }
        match self.safi {
            1 => f.write_str(" unicast"),
            2 => f.write_str(" multicast"),
            4 => f.write_str(" labeled unicast"),
            5 => f.write_str(" MVPN"),
            65 => f.write_str(" VPLS"),
            66 => f.write_str(" MDT"),
            70 => f.write_str(" EVPN"),
            71 => f.write_str(" link state"),
            72 => f.write_str(" VPN link state"),
            73 => f.write_str(" SR policy"),
            128 => f.write_str(" VPN"),
            129 => f.write_str(" multicast VPN"),
            132 => f.write_str(" route target"),
            133 => f.write_str(" flow specification"),
            134 => f.write_str(" VPN flow specification"),
            safi => write!(f, " SAFI {safi}"),
        }
    }
}

/// How many times each family occurred.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FamilyCounts {
    by_family: BTreeMap<Family, u64>,
    others: u64,
}

impl FamilyCounts {
    pub(super) fn add(&mut self, family: Family) {
        if let Some(count) = self.by_family.get_mut(&family) {
            *count += 1;
        } else if self.by_family.len() < MOST {
            self.by_family.insert(family, 1);
        } else {
            self.others += 1;
        }
    }

    /// The families' names with their counts, and `other families` if there were too many.
    pub fn iter(&self) -> impl Iterator<Item = (String, u64)> {
        let others = (self.others > 0).then(|| ("other families".to_owned(), self.others));
        self.by_family.iter().map(|(family, count)| (family.to_string(), *count)).chain(others)
    }

    /// Whether no family occurred.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_family.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_names_or_their_numbers() {
        let name = |afi, safi| Family { afi, safi }.to_string();
        assert_eq!(name(1, 128), "IPv4 VPN");
        assert_eq!(name(2, 133), "IPv6 flow specification");
        assert_eq!(name(25, 70), "L2VPN EVPN");
        assert_eq!(name(99, 7), "AFI 99 SAFI 7");
    }

    #[test]
    fn more_families_than_are_named_are_counted_together() {
        let mut counts = FamilyCounts::default();
        assert!(counts.is_empty());
        for afi in 1_000..1_000 + MOST as u16 + 1 {
            counts.add(Family { afi, safi: 1 });
        }
        counts.add(Family { afi: 1_000, safi: 1 });
        let all: Vec<(String, u64)> = counts.iter().collect();
        assert_eq!(all.len(), MOST + 1);
        assert_eq!(all[0], ("AFI 1000 unicast".to_owned(), 2));
        assert_eq!(all[MOST], ("other families".to_owned(), 1));
        assert!(!counts.is_empty());
    }
}

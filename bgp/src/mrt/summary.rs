//! The totals of a file.

use std::collections::BTreeMap;

use super::family::FamilyCounts;
use super::malformed::Malformed;
use super::route::{Record, Safi};

/// The totals of what was read so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records that were read completely.
    pub records: u64,
    /// Stretches that were skipped, each reported once.
    pub skipped: u64,
    /// Routes announced, or in tables.
    pub announced: u64,
    /// Routes withdrawn.
    pub withdrawn: u64,
    /// Decompressed bytes, including skipped ones.
    pub bytes: u64,
    /// Decompressed bytes that were skipped.
    pub skipped_bytes: u64,
    /// Records of messages that the collector sent itself.
    pub sent: u64,
    /// Routes of multicast tables, announced and withdrawn.
    pub multicast: u64,
    /// Routes whose peers are missing from the peer index table.
    pub unknown_peers: u64,
    /// Records with add-path identifiers that are not labelled to have any.
    pub unlabelled: u64,
    /// Errors in attributes, counted once for each section of attributes.
    pub malformed: BTreeMap<Malformed, u64>,
    /// Lists of routes whose families are not read.
    pub families: FamilyCounts,
    /// Why the file ends early, if it does.
    pub cut_short: Option<String>,
}

impl Summary {
    pub(super) fn add(&mut self, record: &Record, bytes: u64) {
        self.bytes += bytes;
        self.records += 1;
        self.announced += record.announced.len() as u64;
        self.withdrawn += record.withdrawn.len() as u64;
        self.sent += u64::from(record.local);
        let announced = record.announced.iter().filter(|route| route.safi == Safi::Multicast).count();
        let withdrawn = record.withdrawn.iter().filter(|route| route.safi == Safi::Multicast).count();
        self.multicast += (announced + withdrawn) as u64;
        self.unknown_peers += u64::from(record.unknown_peers);
        self.unlabelled += u64::from(record.unlabelled);
        for malformed in &record.malformed {
            *self.malformed.entry(*malformed).or_default() += 1;
        }
        for family in &record.other_families {
            self.families.add(*family);
        }
    }

    /// Whether the whole file was read and conforms to its specifications.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        let odd = [self.skipped, self.sent, self.multicast, self.unknown_peers, self.unlabelled];
        odd == [0; 5] && self.malformed.is_empty() && self.families.is_empty() && self.cut_short.is_none()
    }
}

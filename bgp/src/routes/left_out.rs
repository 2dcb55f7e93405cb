//! Routes of MRT files for which a router would not call its scripts.

use crate::mrt::{Announced, Record, Safi, Withdrawn};

/// Why a route is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// The collector sent it itself; hook points are fired for received routes.
    SentByCollector,
    /// It belongs to a multicast table; hook points do not distinguish tables.
    Multicast,
    /// A router treats it as withdrawn because of its attributes (RFC 7606).
    Malformed,
}

impl LeftOut {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            LeftOut::SentByCollector => "sent_by_collector",
            LeftOut::Multicast => "multicast",
            LeftOut::Malformed => "malformed",
        }
    }

    /// Why an announced route of the record is left out, if it is.
    pub fn announced(record: &Record, route: &Announced) -> Option<LeftOut> {
        LeftOut::any(record, route.safi).or(route.attributes.withdraws().then_some(LeftOut::Malformed))
    }

    /// Why a withdrawn route of the record is left out, if it is.
    pub fn withdrawn(record: &Record, route: &Withdrawn) -> Option<LeftOut> {
        LeftOut::any(record, route.safi)
    }

    fn any(record: &Record, safi: Safi) -> Option<LeftOut> {
        match (record.local, safi) {
            (true, _) => Some(LeftOut::SentByCollector),
            (_, Safi::Multicast) => Some(LeftOut::Multicast),
            (_, Safi::Unicast) => None,
        }
    }
}

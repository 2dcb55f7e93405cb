//! Converts MRT records to routes.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use tenterhook_hooks::value::{Prefix, PrefixError};

use super::{Route, RouteAttributes, RoutePeer};
use crate::catalog::bgp::{Aggregator, Origin, PeerState};
use crate::mrt;

/// The description, visible to scripts, of a peer that a table uses without defining it.
const UNKNOWN_PEER: &str = "not in the peer index table";

/// Converts what the reader of MRT files yields to routes. Attributes and peers that consecutive routes share are
/// converted once.
#[derive(Debug, Default)]
pub struct Importer {
    attributes: Option<(Arc<mrt::Attributes>, Arc<RouteAttributes>)>,
    peer: Option<(Arc<mrt::PeerInfo>, Arc<RoutePeer>)>,
}

impl Importer {
    /// An announced route of a record.
    ///
    /// # Errors
    /// A length beyond the address, which the reader does not yield.
    pub fn route(&mut self, record: &mrt::Record, announced: &mrt::Announced) -> Result<Route, PrefixError> {
        Ok(Route {
            prefix: self.prefix(announced.prefix)?,
            attributes: self.attributes(&announced.attributes),
            peer: self.peer(&announced.peer),
            time: record.timestamp.seconds.into(),
        })
    }

    /// A prefix.
    ///
    /// # Errors
    /// As [`Importer::route`].
    pub fn prefix(&self, prefix: mrt::Prefix) -> Result<Prefix, PrefixError> {
        Prefix::new(prefix.address(), prefix.length())
    }

    /// A peer.
    pub fn peer(&mut self, from: &Arc<mrt::PeerInfo>) -> Arc<RoutePeer> {
        if let Some((known, peer)) = &self.peer
            && Arc::ptr_eq(known, from)
        {
            return Arc::clone(peer);
        }
        let peer = Arc::new(peer(from));
        self.peer = Some((Arc::clone(from), Arc::clone(&peer)));
        peer
    }

    fn attributes(&mut self, from: &Arc<mrt::Attributes>) -> Arc<RouteAttributes> {
        if let Some((known, attributes)) = &self.attributes
            && Arc::ptr_eq(known, from)
        {
            return Arc::clone(attributes);
        }
        let attributes = Arc::new(attributes(from));
        self.attributes = Some((Arc::clone(from), Arc::clone(&attributes)));
        attributes
    }
}

fn peer(from: &mrt::PeerInfo) -> RoutePeer {
    RoutePeer {
        remote_as: from.remote_as,
        local_as: from.local_as.unwrap_or(0),
        remote_id: from.remote_id.unwrap_or(Ipv4Addr::UNSPECIFIED),
        remote_address: from.remote_address,
        local_address: from.local_address,
        description: if from.is_known() { "" } else { UNKNOWN_PEER },
    }
}

fn attributes(from: &mrt::Attributes) -> RouteAttributes {
    RouteAttributes {
        metric: from.med.unwrap_or(0),
        localpref: from.local_pref.unwrap_or(0),
        origin: match from.origin {
            Some(mrt::Origin::Igp) => Origin::Igp,
            Some(mrt::Origin::Egp) => Origin::Egp,
            Some(mrt::Origin::Incomplete) | None => Origin::Incomplete,
        },
        aspath: from.as_path.to_string(),
        as_path: from.as_path.flat(),
        next_hop: from.next_hop,
        communities: from.communities.clone(),
        large_communities: from.large_communities.iter().map(|&(a, b, c)| [a, b, c]).collect(),
        extended_communities: from.extended_communities.clone(),
        aggregator: from.aggregator.map(|(asn, address)| Aggregator { asn, address: IpAddr::V4(address) }),
    }
}

/// The state that an MRT state represents; `None` for numbers without a meaning.
pub fn state(from: mrt::FsmState) -> Option<PeerState> {
    Some(match from {
        mrt::FsmState::Idle => PeerState::Idle,
        mrt::FsmState::Connect => PeerState::Connect,
        mrt::FsmState::Active => PeerState::Active,
        mrt::FsmState::OpenSent => PeerState::OpenSent,
        mrt::FsmState::OpenConfirm => PeerState::OpenConfirm,
        mrt::FsmState::Established => PeerState::Established,
        mrt::FsmState::Clearing => PeerState::Clearing,
        mrt::FsmState::Deleted => PeerState::Deleted,
        mrt::FsmState::Other(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::LeftOut;
    use super::*;
    use crate::mrt::{AsPath, Segment};

    fn announced(length: u8) -> mrt::Announced {
        mrt::Announced {
            peer: Arc::new(mrt::PeerInfo {
                remote_as: 64_500,
                local_as: Some(64_496),
                remote_address: IpAddr::from([192, 0, 2, 1]),
                local_address: None,
                remote_id: None,
            }),
            prefix: mrt::Prefix::new(IpAddr::from([203, 0, 113, 0]), length).expect("a length that fits"),
            safi: mrt::Safi::Unicast,
            path_id: None,
            attributes: Arc::new(mrt::Attributes {
                origin: Some(mrt::Origin::Igp),
                as_path: AsPath {
                    segments: vec![Segment::Sequence(vec![64_500, 64_510]), Segment::Set(vec![64_512, 64_511])],
                },
                next_hop: Some(IpAddr::from([192, 0, 2, 1])),
                med: Some(5),
                communities: vec![64_500 << 16 | 100],
                large_communities: vec![(64_500, 1, 2)],
                extended_communities: vec![[0, 2, 0, 1, 0, 0, 0, 9]],
                aggregator: Some((64_511, Ipv4Addr::new(198, 51, 100, 1))),
                ..mrt::Attributes::default()
            }),
        }
    }

    fn record() -> mrt::Record {
        let timestamp = mrt::Timestamp { seconds: 1_470_931_200, microseconds: 5 };
        mrt::Record::new(0, timestamp, mrt::RecordKind::Update)
    }

    #[test]
    fn routes_that_no_router_would_ask_about_are_left_out() {
        let route = announced(24);
        assert_eq!(LeftOut::announced(&record(), &route), None);
        let sent = mrt::Record { local: true, ..record() };
        assert_eq!(LeftOut::announced(&sent, &route), Some(LeftOut::SentByCollector));
        let multicast = mrt::Announced { safi: mrt::Safi::Multicast, ..route.clone() };
        assert_eq!(LeftOut::announced(&record(), &multicast), Some(LeftOut::Multicast));
        for (code, left_out) in [(2, Some(LeftOut::Malformed)), (7, None)] {
            let malformed = vec![mrt::Malformed { code, flaw: mrt::Flaw::Length }];
            let attributes = Arc::new(mrt::Attributes { malformed, ..mrt::Attributes::default() });
            assert_eq!(LeftOut::announced(&record(), &mrt::Announced { attributes, ..route.clone() }), left_out);
        }
        let withdrawn = mrt::Withdrawn { peer: route.peer, prefix: route.prefix, safi: route.safi, path_id: None };
        assert_eq!(LeftOut::withdrawn(&record(), &withdrawn), None);
        assert_eq!(LeftOut::withdrawn(&sent, &withdrawn), Some(LeftOut::SentByCollector));
    }

    #[test]
    fn nothing_of_a_route_is_lost() {
        let route = Importer::default().route(&record(), &announced(24)).expect("a good prefix");
        assert_eq!(route.prefix.to_string(), "203.0.113.0/24");
        let view = route.attributes.view();
        assert_eq!(view.aspath, "64500 64510 {64511,64512}");
        assert_eq!(view.as_path, [64_500, 64_510, 64_512, 64_511]);
        assert_eq!((view.metric, view.localpref, view.origin), (5, 0, Origin::Igp));
        assert_eq!(view.next_hop, Some(IpAddr::from([192, 0, 2, 1])));
        assert_eq!(view.communities.0, [64_500 << 16 | 100]);
        assert_eq!(view.large_communities.0, [[64_500, 1, 2]]);
        assert_eq!(view.extended_communities.0, [[0, 2, 0, 1, 0, 0, 0, 9]]);
        assert_eq!(view.aggregator.map(|aggregator| aggregator.asn), Some(64_511));
        let peer = route.peer.view(PeerState::Established, route.time);
        assert_eq!((peer.last_readtime, peer.description), (1_470_931_200, ""));
        assert_eq!((peer.remote_as, peer.local_as, peer.remote_id), (64_500, 64_496, Ipv4Addr::UNSPECIFIED));
    }

    #[test]
    fn what_routes_share_is_made_once() {
        let mut importer = Importer::default();
        let first = announced(24);
        let second = mrt::Announced { prefix: announced(25).prefix, ..first.clone() };
        let routes =
            [&first, &second, &announced(24)].map(|from| importer.route(&record(), from).expect("a good prefix"));
        assert!(Arc::ptr_eq(&routes[0].attributes, &routes[1].attributes));
        assert!(Arc::ptr_eq(&routes[0].peer, &routes[1].peer));
        assert!(!Arc::ptr_eq(&routes[1].attributes, &routes[2].attributes));
        assert_eq!(routes[0], routes[2]);
    }

    #[test]
    fn states_without_a_name_are_left_out() {
        assert_eq!(state(mrt::FsmState::Established), Some(PeerState::Established));
        assert_eq!(state(mrt::FsmState::Other(9)), None);
    }
}

//! Every type of record.

use std::net::Ipv4Addr;

use super::super::testing::{
    announcement, attribute, attributes_as2, attributes_as4, keepalive, message, peer_index_table, read, record, rib,
    session_as2, session_as4, table_dump, update, v4,
};
use super::super::*;
use super::{announced, withdrawn};

/// The one record of a stream that has nothing else.
fn only(bytes: &[u8]) -> Record {
    let mut read = read(bytes);
    assert_eq!(read.skipped, []);
    assert_eq!(read.records.len(), 1);
    read.records.remove(0)
}

#[test]
fn table_dump_has_one_route_with_its_peer() {
    let read = only(&table_dump(7));
    assert_eq!(read.kind, RecordKind::TableDump);
    assert_eq!(announced(&read), ["192.0.7.0/24"]);
    let route = &read.announced[0];
    assert_eq!((route.peer.remote_as, route.peer.remote_address), (65_001, v4(10, 0, 0, 1)));
    assert_eq!(route.attributes.as_path.to_string(), "65001 65002");
    assert_eq!(route.attributes.origin, Some(Origin::Igp));
    assert_eq!(route.attributes.next_hop, Some(v4(192, 0, 2, 1)));
}

#[test]
fn table_dump_of_ipv6_takes_its_next_hop_from_mp_reach() {
    let address = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5];
    let mp = [&[0, 2, 1, 16][..], &address, &[0]].concat();
    let attributes = [attribute(1, &[1]), attribute(14, &mp)].concat();
    let mut body = vec![0, 0, 0, 1];
    body.extend(address);
    body.extend([48, 1, 0, 0, 0, 0]);
    body.extend(address);
    body.extend([0xfd, 0xe9, 0, attributes.len() as u8]);
    body.extend(attributes);
    let read = only(&record(12, 2, &body));
    assert_eq!(announced(&read), ["2001:db8::/48"]);
    let route = &read.announced[0];
    let next_hop = route.attributes.next_hop.unwrap();
    assert_eq!(next_hop.to_string(), "2001:db8::5");
    assert_eq!(route.peer.remote_address, next_hop);
}

#[test]
fn rib_entries_find_their_peers() {
    let entries = [(1, None), (0, None), (2, None)];
    let bytes = [peer_index_table(), rib(2, &[8, 10], &entries, &attributes_as4(&[70_000]))].concat();
    let read = read(&bytes);
    assert_eq!(read.skipped, []);
    assert_eq!(read.records[0].kind, RecordKind::PeerIndexTable { peers: 3 });
    let peers: Vec<_> = read.records[1]
        .announced
        .iter()
        .map(|route| (route.peer.remote_as, route.peer.remote_address.to_string()))
        .collect();
    assert_eq!(
        peers,
        [(70_000, "2001:db8::2".to_owned()), (65_001, "10.0.0.1".to_owned()), (65_003, "10.0.0.3".to_owned())]
    );
    let peer = &read.records[1].announced[0].peer;
    assert_eq!(peer.remote_id, Some(Ipv4Addr::new(2, 2, 2, 2)));
    assert_eq!(read.records[1].peer, None);
}

#[test]
fn ribs_of_every_family_with_and_without_add_path() {
    let six = [32, 0x20, 0x01, 0x0d, 0xb8];
    for (subtype, prefix, text, safi, add_path) in [
        (2, &[8, 10][..], "10.0.0.0/8", Safi::Unicast, false),
        (3, &[8, 10], "10.0.0.0/8", Safi::Multicast, false),
        (4, &six, "2001:db8::/32", Safi::Unicast, false),
        (5, &six, "2001:db8::/32", Safi::Multicast, false),
        (8, &[8, 10], "10.0.0.0/8", Safi::Unicast, true),
        (9, &[8, 10], "10.0.0.0/8", Safi::Multicast, true),
        (10, &six, "2001:db8::/32", Safi::Unicast, true),
        (11, &six, "2001:db8::/32", Safi::Multicast, true),
    ] {
        let ids = if add_path { [Some(1), Some(2)] } else { [None; 2] };
        let read = only(&rib(subtype, prefix, &[(0, ids[0]), (0, ids[1])], &attributes_as4(&[1])));
        assert_eq!(read.kind, RecordKind::Rib);
        assert_eq!(read.announced.len(), 2);
        for (route, id) in read.announced.iter().zip(ids) {
            assert_eq!(route.prefix.to_string(), text);
            assert_eq!((route.safi, route.path_id), (safi, id));
            // no peer index table came before
            assert!(!route.peer.is_known());
        }
    }
}

#[test]
fn geo_peer_tables_are_stepped_through() {
    let mut body = vec![0; 4 + 2 + 8];
    body.extend([0, 1, 0, 1, 1, 1, 1, 10, 0, 0, 1, 0xfd, 0xe9]);
    body.extend([0; 8]);
    assert_eq!(only(&record(13, 7, &body)).kind, RecordKind::GeoPeerTable);
    body.pop();
    assert_eq!(read(&record(13, 7, &body)).records, []);
}

#[test]
fn updates_of_both_widths_announce_and_withdraw() {
    let bytes = [
        record(
            16,
            1,
            &session_as2(&update(&[16, 172, 16], &attributes_as2(&[65_001, 23_456]), &[24, 10, 0, 1, 24, 10, 0, 2])),
        ),
        announcement(3),
    ]
    .concat();
    let read = read(&bytes);
    assert_eq!(read.skipped, []);
    let [old, new] = &read.records[..] else { panic!("two records, not {:?}", read.records) };
    assert_eq!(announced(old), ["10.0.1.0/24", "10.0.2.0/24"]);
    assert_eq!(withdrawn(old), ["172.16.0.0/16"]);
    assert_eq!(announced(new).len(), 3);
    assert_eq!(new.announced[2].attributes.as_path.flat(), [65_001, 70_000]);
    let peer = old.peer.as_ref().unwrap();
    assert_eq!((peer.remote_as, peer.local_as), (65_001, Some(65_000)));
    assert_eq!(peer.local_address, Some(v4(10, 0, 0, 2)));
    assert!(std::sync::Arc::ptr_eq(&old.announced[0].attributes, &old.announced[1].attributes));
    assert_eq!((read.summary.announced, read.summary.withdrawn), (5, 1));
}

#[test]
fn ipv6_prefixes_have_the_next_hop_they_came_with() {
    let mut reach = vec![0, 2, 1, 16];
    reach.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    reach.extend([0, 32, 0x20, 0x01, 0x0d, 0xb8]);
    let unreach = [0, 2, 1, 16, 0x20, 0x02];
    let vpn = [0, 1, 128, 0, 0];
    let attributes = [attributes_as4(&[65_001]), attribute(14, &reach), attribute(15, &unreach)].concat();
    let read = only(&record(16, 4, &session_as4(&update(&[], &attributes, &[8, 11]))));
    assert_eq!(announced(&read), ["2001:db8::/32", "11.0.0.0/8"]);
    assert_eq!(withdrawn(&read), ["2002::/16"]);
    let hops: Vec<_> = read.announced.iter().map(|route| route.attributes.next_hop.unwrap().to_string()).collect();
    assert_eq!(hops, ["2001:db8::9", "192.0.2.1"]);

    let other = only(&record(16, 4, &session_as4(&update(&[], &attribute(14, &vpn), &[]))));
    assert_eq!((other.other_families, other.announced.len()), (vec![Family { afi: 1, safi: 128 }], 0));
}

#[test]
fn add_path_messages_and_local_ones_are_told_by_subtype() {
    let list = [0, 0, 0, 5, 24, 10, 0, 1, 0, 0, 0, 6, 24, 10, 0, 1];
    let old = session_as2(&update(&[], &attributes_as2(&[1]), &list));
    let new = session_as4(&update(&[], &attributes_as4(&[1]), &list));
    for (subtype, body, local) in [(8, &old, false), (9, &new, false), (10, &old, true), (11, &new, true)] {
        let read = only(&record(16, subtype, body));
        assert_eq!(announced(&read), ["10.0.1.0/24 #5", "10.0.1.0/24 #6"]);
        assert_eq!(read.local, local);
    }
    let plain = session_as4(&message(4, &[]));
    assert!(only(&record(16, 7, &plain)).local);
}

#[test]
fn extended_timestamps_have_microseconds() {
    let plain = announcement(2);
    let body = [&[0, 0, 0x03, 0xe8][..], &plain[12..]].concat();
    let read = only(&record(17, 4, &body));
    assert_eq!(read.timestamp.microseconds, 1_000);
    assert_eq!(announced(&read), announced(&only(&plain)));
}

#[test]
fn state_changes_and_the_other_messages_have_their_kind() {
    let established = RecordKind::StateChange { old: FsmState::OpenConfirm, new: FsmState::Established };
    let states = [0, 5, 0, 6];
    for (bytes, kind) in [
        (record(16, 0, &session_as2(&states)), established),
        (record(16, 5, &session_as4(&states)), established),
        (record(16, 4, &session_as4(&message(1, &[0; 10]))), RecordKind::Open),
        (record(16, 4, &session_as4(&message(3, &[6, 2]))), RecordKind::Notification),
        (keepalive(), RecordKind::Keepalive),
        (record(16, 4, &session_as4(&message(5, &[0, 1, 0, 1]))), RecordKind::RouteRefresh),
    ] {
        let read = only(&bytes);
        assert_eq!(read.kind, kind);
        let changed = matches!(kind, RecordKind::StateChange { .. });
        assert_eq!(read.state_change().is_some(), changed);
    }
}

#[test]
fn what_is_odd_about_records_is_counted_by_kind() {
    let message = |subtype, update: &[u8]| record(16, subtype, &session_as4(update));
    let good = attributes_as4(&[65_001]);
    let list = [24, 10, 0, 1, 24, 10, 0, 2];
    // a MED of two bytes, a segment of type 7, an AGGREGATOR that is to be left out, an UPDATE without attributes
    let med = message(4, &update(&[], &[&good[..], &attribute(4, &[1, 2])].concat(), &list));
    let path = [attribute(1, &[0]), attribute(2, &[7, 1, 0, 0, 0, 1]), attribute(3, &[192, 0, 2, 1])].concat();
    let path = message(4, &update(&[], &path, &list));
    let aggregator = message(4, &update(&[], &[&good[..], &attribute(7, &[0; 7])].concat(), &list));
    let bare = message(4, &update(&[], &[], &list));
    let withdrawing = message(4, &update(&list, &[], &[]));
    let sent = message(7, &update(&[], &good, &list));
    let unlabelled = message(4, &update(&[0, 0, 0, 1, 24, 10, 0, 1], &good, &[0, 0, 0, 1, 24, 10, 0, 2]));
    let peers = rib(2, &[8, 10], &[(0, None), (3, None), (9, None)], &good);
    let multicast = rib(3, &[8, 10], &[(0, None)], &good);
    let flowspec = attribute(14, &[0, 1, 133, 0, 0, 5, 1, 24, 203, 0, 113]);
    let flowspec = message(4, &update(&[], &[&good[..], &flowspec].concat(), &[]));
    let generic = record(13, 6, &[0, 0, 0, 1, 0, 25, 70, 0, 0]);
    let cases = [
        med,
        path,
        aggregator,
        bare,
        withdrawing,
        sent,
        unlabelled,
        peer_index_table(),
        peers,
        multicast,
        flowspec,
        generic,
    ];
    let read = read(&cases.concat());
    let summary = &read.summary;
    assert_eq!((summary.records, summary.skipped), (11, 1), "{:?}", read.skipped);
    assert_eq!((summary.announced, summary.withdrawn), (2 + 2 + 2 + 2 + 2 + 1 + 3 + 1, 2 + 1));
    let malformed: Vec<_> =
        summary.malformed.iter().map(|(kind, count)| (kind.attribute(), kind.flaw, *count)).collect();
    let kind = |name: &str, flaw| (name.to_owned(), flaw, 1);
    assert_eq!(
        malformed,
        [
            kind("ORIGIN", Flaw::Missing),
            kind("AS_PATH", Flaw::Value),
            kind("AS_PATH", Flaw::Missing),
            kind("NEXT_HOP", Flaw::Missing),
            kind("MULTI_EXIT_DISC", Flaw::Length),
            kind("AGGREGATOR", Flaw::Length),
        ]
    );
    assert_eq!((summary.sent, summary.multicast, summary.unknown_peers, summary.unlabelled), (1, 1, 2, 1));
    let families: Vec<_> = summary.families.iter().collect();
    assert_eq!(families, [("IPv4 flow specification".to_owned(), 1), ("L2VPN EVPN".to_owned(), 1)]);
    let withdraws: Vec<bool> =
        read.records.iter().filter_map(|record| Some(record.announced.first()?.attributes.withdraws())).collect();
    assert_eq!(withdraws, [true, true, false, true, false, false, false, false]);
    assert_eq!(
        (announced(&read.records[6]), withdrawn(&read.records[6])),
        (vec!["10.0.2.0/24 #1".to_owned()], vec!["10.0.1.0/24".to_owned()])
    );
    assert!(!summary.is_clean());
    assert!(super::super::testing::read(&announcement(3)).summary.is_clean());
}

#[test]
fn prefixes_of_multiprotocol_attributes_are_held_to_their_family() {
    // a length beyond the address, in each list that a message has
    let good = attributes_as4(&[65_001]);
    let next_hop = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
    let seventeen = [[129].as_slice(), &[0; 17]].concat();
    let reach = [&[0, 2, 1, 16][..], &next_hop, &seventeen].concat();
    let unreach = [&[0, 2, 1][..], &seventeen].concat();
    for update in [
        update(&[33, 10, 0, 0, 0, 0], &good, &[]),
        update(&[], &good, &[33, 10, 0, 0, 0, 0]),
        update(&[], &[&good[..], &attribute(14, &reach)].concat(), &[]),
        update(&[], &attribute(15, &unreach), &[]),
    ] {
        let read = read(&[record(16, 4, &session_as4(&update)), keepalive()].concat());
        assert_eq!((read.records.len(), read.skipped.len(), read.summary.announced), (1, 1, 0));
        assert!(read.skipped[0].reason.contains("bits is impossible for"), "{:?}", read.skipped);
    }
}

#[test]
fn states_of_extended_records_and_of_ipv6_sessions_are_read() {
    let six = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let session = [&[0, 0, 0xfd, 0xe9, 0, 0, 0xfd, 0xe8, 0, 0, 0, 2][..], &six, &six, &[0, 6, 0, 1]].concat();
    let read = only(&record(17, 5, &[&[0, 0, 0, 7][..], &session].concat()));
    assert_eq!(read.state_change(), Some((FsmState::Established, FsmState::Idle)));
    assert_eq!(read.timestamp.microseconds, 7);
    assert_eq!(read.peer.unwrap().remote_address.to_string(), "2001:db8::1");
}

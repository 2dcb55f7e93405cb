//! Every kind of damage.

use std::collections::HashSet;

use super::super::reader::MOST_BARREN;
use super::super::testing::{
    Random, announcement, attribute, attributes_as2, attributes_as4, bzip2, gzip, keepalive, message, peer_index_table,
    read, record, rib, session_as2, session_as4, table_dump, update, xz, zstd,
};
use super::super::*;
use super::announced;

#[test]
fn a_damaged_peer_index_table_voids_the_one_before_it() {
    let mut damaged = peer_index_table();
    let last = damaged.len() - 1;
    damaged.truncate(last);
    damaged[11] -= 1;
    let entry = rib(2, &[8, 10], &[(0, None)], &attributes_as4(&[1]));
    let bytes = [peer_index_table(), entry.clone(), damaged, entry].concat();
    let read = read(&bytes);
    assert_eq!(read.skipped.len(), 1);
    let known = |record: &Record| record.announced[0].peer.is_known();
    assert!(known(&read.records[1]) && !known(&read.records[2]));
}

#[test]
fn a_rib_record_with_one_damaged_entry_is_no_record() {
    // bgpkit-parser 0.23 would yield the first entry and say nothing of the second
    let mut body = rib(2, &[8, 10], &[(0, None), (0, None)], &attributes_as4(&[1]));
    body.truncate(body.len() - 3);
    let bytes = [record(13, 2, &body[12..]), keepalive()].concat();
    let read = read(&bytes);
    assert_eq!((read.records.len(), read.skipped.len()), (1, 1));
    assert_eq!(read.skipped[0].bytes, body.len() as u64);
}

#[test]
fn records_without_bgp_are_skipped_by_their_length() {
    let ospf = record(11, 0, &[1, 2, 3]);
    let deprecated = record(16, 3, &[0; 20]);
    let future = record(60, 1, &[0; 99]);
    for other in [ospf, deprecated, future] {
        let bytes = [keepalive(), other.clone(), keepalive(), other.clone()].concat();
        let read = read(&bytes);
        assert_eq!(read.records.len(), 2);
        let lengths: Vec<_> = read.skipped.iter().map(|skip| skip.bytes).collect();
        assert_eq!(lengths, [other.len() as u64; 2]);
    }
}

#[test]
fn a_message_that_fails_costs_itself() {
    for bad in [
        // a BGP length beyond, and short of, the record
        session_as4(&[&message(4, &[])[..17], &[20, 4]].concat()),
        session_as4(&[&message(4, &[])[..], &[0]].concat()),
        session_as4(&message(9, &[])),
        // withdrawn routes, attributes, prefixes that run past the end
        session_as4(&message(2, &[0, 9, 0, 0])),
        session_as4(&message(2, &[0, 0, 0, 9])),
        session_as4(&update(&[], &[0x40, 1, 9, 0], &[])),
        session_as4(&update(&[], &[], &[24, 1])),
        session_as4(&update(&[33, 1, 2, 3, 4, 5], &[], &[])),
        session_as4(&update(&[], &attribute(14, &[0, 2, 1, 3, 1, 2, 3, 0]), &[])),
        // an address family without addresses
        vec![0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0],
    ] {
        let bad = record(16, 4, &bad);
        let bytes = [keepalive(), bad.clone(), keepalive()].concat();
        let read = read(&bytes);
        assert_eq!(read.records.len(), 2);
        assert_eq!(read.skipped.len(), 1);
        assert_eq!(read.skipped[0].offset, keepalive().len() as u64);
        assert_eq!(read.skipped[0].bytes, bad.len() as u64);
    }
}

#[test]
fn zero_and_huge_lengths_cost_one_record() {
    for length in [0, 1, 7, 0x0001_0000, 0x0100_0000, u32::MAX] {
        let mut bad = announcement(4);
        bad[8..12].copy_from_slice(&length.to_be_bytes());
        let bytes = [keepalive(), bad.clone(), keepalive(), announcement(1)].concat();
        let read = read(&bytes);
        assert_eq!(read.records.len(), 3, "length {length}: {:?}", read.skipped);
        assert_eq!(read.skipped.len(), 1);
        assert_eq!(read.skipped[0].offset, keepalive().len() as u64);
        assert_eq!(read.skipped[0].bytes, bad.len() as u64);
        assert_eq!(read.summary.cut_short, None, "the end is there");
    }
}

#[test]
fn a_length_that_leads_to_a_later_record_by_chance_hides_none() {
    for bad in [announcement(4), record(16, 4, &session_as4(&message(9, &[])))] {
        let swallowed = [announcement(1), keepalive()].concat();
        let mut bytes = [keepalive(), bad.clone(), swallowed.clone(), keepalive()].concat();
        let length = (bad.len() - 12 + swallowed.len()) as u32;
        let at = keepalive().len() + 8;
        bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
        let read = read(&bytes);
        assert_eq!((read.records.len(), read.skipped.len()), (4, 1));
        assert_eq!(read.skipped[0].bytes, bad.len() as u64);
    }
}

#[test]
fn the_next_header_is_not_taken_for_a_second_route_of_a_table_dump() {
    let mut bad = table_dump(1);
    bad[11] += 18; // a route without attributes has 18 bytes
    let bytes = [bad.clone(), announcement(1), keepalive()].concat();
    let read = read(&bytes);
    assert_eq!((read.records.len(), read.skipped.len()), (2, 1));
    assert_eq!(read.skipped[0].bytes, bad.len() as u64);
}

#[test]
fn garbage_in_between_is_reported_and_passed() {
    let mut random = Random::new(3);
    for size in [1, 11, 12, 13, 500, 200_000] {
        for garbage in [vec![0; size], vec![0xff; size], random.bytes(size)] {
            let bytes = [announcement(2), garbage, announcement(3), keepalive()].concat();
            let read = read(&bytes);
            assert_eq!(read.records.len(), 3, "{size} bytes: {:?}", read.skipped);
            assert_eq!(read.summary.announced, 5);
            assert_eq!(read.skipped.len(), 1);
            assert_eq!(read.skipped[0].bytes, size as u64);
        }
    }
}

#[test]
fn garbage_alone_is_one_report() {
    for garbage in [vec![0; 5], vec![7; 100], Random::new(9).bytes(300_000)] {
        let read = read(&garbage);
        assert_eq!((read.records.len(), read.skipped.len()), (0, 1));
    }
    let nothing = read(&[]);
    assert_eq!(nothing.events, []);
    assert_eq!(nothing.summary, Summary::default());
}

#[test]
fn a_truncated_tail_is_reported_wherever_it_is_cut() {
    let whole = [announcement(2), announcement(5)].concat();
    let first = announcement(2).len();
    for end in first + 1..whole.len() {
        let read = read(&whole[..end]);
        assert_eq!((read.records.len(), read.skipped.len()), (1, 1));
        assert_eq!(read.skipped[0].offset, first as u64);
        assert_eq!(read.skipped[0].bytes, (end - first) as u64);
        assert_eq!(read.summary.cut_short.as_ref(), Some(&read.skipped[0].reason));
    }
}

#[test]
fn gzip_reads_like_plain_and_says_where_it_is_damaged() {
    let mut random = Random::new(11);
    let plain: Vec<u8> = (0..400).flat_map(|_| announcement(random.below(60) as u8)).collect();
    let expected = read(&plain);
    assert_eq!(expected.records.len(), 400);
    let packed = gzip(&plain);
    let events: Vec<Event> = Reader::new(&packed[..]).unwrap().collect();
    assert_eq!(events, expected.events);

    for end in [packed.len() / 3, packed.len() / 2, packed.len() - 5] {
        let mut reader = Reader::new(&packed[..end]).unwrap();
        let events: Vec<Event> = reader.by_ref().collect();
        let Some((Event::Skipped(last), records)) = events.split_last() else { panic!("the damage is not reported") };
        assert!(last.reason.contains("the gzip data is cut short: the file ends at byte"), "{last:?}");
        assert!(reader.summary().cut_short.is_some());
        assert_eq!(last.offset + last.bytes, reader.summary().bytes);
        assert_eq!(records, &expected.events[..records.len()]);
        assert!(!records.is_empty());
    }
    // gzip by its magic bytes, and nothing else
    let none: Vec<Event> = Reader::new(&packed[..6]).unwrap().collect();
    assert_eq!(none.len(), 1);
}

#[test]
fn bytes_without_a_record_are_not_read_for_ever() {
    // as many as are read and one fewer, in front of a record and behind one
    let most = MOST_BARREN;
    let record = keepalive();
    for (size, is_read) in [(most - 1, true), (most, false)] {
        let zeros = std::io::Read::take(std::io::repeat(0), size);
        let mut reader = Reader::new(std::io::Read::chain(zeros, &record[..])).unwrap();
        let records = reader.by_ref().filter(|event| matches!(event, Event::Record(_))).count();
        assert_eq!(records == 1, is_read, "{size} bytes");
        assert_eq!(reader.summary().cut_short.is_none(), is_read);
        assert!(reader.summary().bytes <= size + record.len() as u64);
    }
    let mut endless = Reader::new(std::io::Read::chain(&record[..], std::io::repeat(0x55))).unwrap();
    assert_eq!(endless.by_ref().count(), 2);
    let reason = endless.summary().cut_short.as_deref();
    assert_eq!(reason, Some("there is no record in 1048576 bytes"));
}

#[test]
fn a_source_that_fails_ends_the_stream_with_its_reason() {
    struct Failing<'a>(&'a [u8]);
    impl std::io::Read for Failing<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(into)? {
                0 => Err(std::io::Error::other("the disk is on fire")),
                read => Ok(read),
            }
        }
    }
    let bytes = [keepalive(), keepalive()].concat();
    for (end, records) in [(bytes.len(), 2), (bytes.len() - 1, 1)] {
        let reader = Reader::new(Failing(&bytes[..end])).unwrap();
        let events: Vec<Event> = reader.collect();
        assert_eq!(events.len(), records + 1);
        let Some(Event::Skipped(last)) = events.last() else { panic!("the failure is not reported") };
        assert!(last.reason.ends_with("the disk is on fire"), "{last:?}");
    }
}

/// A stream of every type, and where its records begin and end.
fn mixed() -> (Vec<u8>, Vec<std::ops::Range<usize>>) {
    let ids = [(0, Some(1)), (2, Some(2))];
    let states = session_as4(&[0, 5, 0, 6]);
    let extended = [&[0, 0, 1, 0][..], &announcement(2)[12..]].concat();
    let update = update(&[16, 172, 16], &attributes_as2(&[1, 2, 3]), &[24, 10, 0, 1]);
    let mut bytes = Vec::new();
    let mut places = Vec::new();
    for round in 0..6 {
        for record in [
            peer_index_table(),
            rib(2, &[8, 10], &[(0, None), (1, None)], &attributes_as4(&[70_000])),
            rib(10, &[16, 0x20, 0x01], &ids, &attributes_as4(&[70_000, 1])),
            table_dump(round),
            announcement(round + 1),
            keepalive(),
            record(16, 5, &states),
            record(17, 4, &extended),
            record(16, 1, &session_as2(&update)),
            record(16, 4, &session_as4(&message(3, &[6, 2]))),
        ] {
            places.push(bytes.len()..bytes.len() + record.len());
            bytes.extend(record);
        }
    }
    (bytes, places)
}

#[test]
fn whatever_bytes_change_untouched_records_are_still_read() {
    let (original, places) = mixed();
    let whole = read(&original);
    assert_eq!(whole.records.len(), places.len());
    let mut random = Random::new(42);
    for _ in 0..4_000 {
        let mut bytes = original.clone();
        let mut touched = HashSet::new();
        for _ in 0..=random.below(12) {
            let at = random.below(bytes.len());
            bytes[at] = random.below(256) as u8;
            touched.insert(at);
        }
        let read = read(&bytes);
        for (place, expected) in places.iter().zip(&whole.records) {
            if touched.iter().any(|at| place.contains(at)) {
                continue;
            }
            let found = read.records.iter().find(|r| r.offset == expected.offset);
            let found = found.unwrap_or_else(|| panic!("{expected:?} is lost; {touched:?}; {:?}", read.skipped));
            assert_eq!(found.kind, expected.kind);
            assert_eq!(announced(found), announced(expected));
            assert_eq!(found.withdrawn, expected.withdrawn);
        }
    }
}

#[test]
fn cuts_insertions_and_overwritten_stretches_never_panic() {
    let (original, _) = mixed();
    let mut random = Random::new(43);
    for _ in 0..3_000 {
        let mut bytes = original.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            let end = (at + random.below(200)).min(bytes.len());
            let replacement = random.below(200);
            let replacement = random.bytes(replacement);
            bytes.splice(at..end, replacement);
        }
        read(&bytes);
    }
}

#[test]
fn packed_files_with_any_damage_end_and_say_so() {
    let (original, _) = mixed();
    let mut random = Random::new(44);
    for pack in [gzip, bzip2, xz, zstd] {
        let whole = [pack(&original[..900]), pack(&original[900..])].concat();
        for _ in 0..300 {
            let mut packed = whole.clone();
            for _ in 0..=random.below(3) {
                // the magic bytes are kept: what is not packed is tested above
                let Some(rest) = packed.len().checked_sub(7) else { break };
                let at = 6 + random.below(rest + 1);
                match random.below(4) {
                    0 => packed.truncate(at),
                    1 => packed[at] = random.below(256) as u8,
                    2 => packed[at] ^= 1 << random.below(8),
                    _ => packed.insert(at, random.below(256) as u8),
                }
            }
            let mut reader = Reader::new(&packed[..]).unwrap();
            let events = reader.by_ref().count() as u64;
            let summary = reader.summary();
            assert_eq!(events, summary.records + summary.skipped);
            // nothing is missing without a word; a cut between the two members is none that could be known
            let between = pack(&original[..900]).len();
            let is_told = summary.cut_short.is_some() || summary.bytes >= original.len() as u64;
            assert!(is_told || packed.len() == between, "{summary:?}");
        }
    }
}

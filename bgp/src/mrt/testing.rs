//! Hand-made records for the tests.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::header::Header;
use super::reader::{Event, Reader, Skipped};
use super::route::Record;
use super::summary::Summary;

/// The time of all records that do not say otherwise.
pub(super) const TIME: u32 = 1_470_931_200;

pub(super) fn v4(a: u8, b: u8, c: u8, d: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(a, b, c, d))
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

pub(super) fn record_at(time: u32, kind: u16, subtype: u16, body: &[u8]) -> Vec<u8> {
    let mut bytes = time.to_be_bytes().to_vec();
    bytes.extend(kind.to_be_bytes());
    bytes.extend(subtype.to_be_bytes());
    bytes.extend((body.len() as u32).to_be_bytes());
    bytes.extend(body);
    bytes
}

pub(super) fn record(kind: u16, subtype: u16, body: &[u8]) -> Vec<u8> {
    record_at(TIME, kind, subtype, body)
}

/// A path attribute with the flags that it has to have, its length in two bytes where it has to be.
pub(super) fn attribute(code: u8, value: &[u8]) -> Vec<u8> {
    let flags = match code {
        1..=3 | 5 | 6 => 0x40,
        4 | 9 | 10 | 14 | 15 => 0x80,
        _ => 0xc0,
    };
    attribute_with(flags, code, value)
}

pub(super) fn attribute_with(flags: u8, code: u8, value: &[u8]) -> Vec<u8> {
    let mut bytes = match u8::try_from(value.len()) {
        Ok(length) => vec![flags, code, length],
        Err(_) => {
            let [high, low] = (value.len() as u16).to_be_bytes();
            vec![flags | 0x10, code, high, low]
        }
    };
    bytes.extend(value);
    bytes
}

/// ORIGIN, an AS_PATH of two-byte numbers, NEXT_HOP.
pub(super) fn attributes_as2(path: &[u16]) -> Vec<u8> {
    let mut value = vec![2, path.len() as u8];
    value.extend(path.iter().flat_map(|asn| asn.to_be_bytes()));
    [attribute(1, &[0]), attribute(2, &value), attribute(3, &[192, 0, 2, 1])].concat()
}

/// The same with four-byte numbers.
pub(super) fn attributes_as4(path: &[u32]) -> Vec<u8> {
    let mut value = vec![2, path.len() as u8];
    value.extend(path.iter().flat_map(|asn| asn.to_be_bytes()));
    [attribute(1, &[0]), attribute(2, &value), attribute(3, &[192, 0, 2, 1])].concat()
}

fn sized(bytes: &[u8]) -> Vec<u8> {
    let mut all = (bytes.len() as u16).to_be_bytes().to_vec();
    all.extend(bytes);
    all
}

pub(super) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff; 16];
    bytes.extend((body.len() as u16 + 19).to_be_bytes());
    bytes.push(kind);
    bytes.extend(body);
    bytes
}

pub(super) fn update(withdrawn: &[u8], attributes: &[u8], announced: &[u8]) -> Vec<u8> {
    message(2, &[&sized(withdrawn), &sized(attributes), announced].concat())
}

/// A BGP4MP body between AS 65001 at 10.0.0.1 and AS 65000 at 10.0.0.2.
pub(super) fn session_as2(rest: &[u8]) -> Vec<u8> {
    let ends = [0xfd, 0xe9, 0xfd, 0xe8, 0, 0, 0, 1, 10, 0, 0, 1, 10, 0, 0, 2];
    [&ends[..], rest].concat()
}

pub(super) fn session_as4(rest: &[u8]) -> Vec<u8> {
    let numbers = [0, 0, 0xfd, 0xe9, 0, 0, 0xfd, 0xe8];
    let ends = [0, 0, 0, 1, 10, 0, 0, 1, 10, 0, 0, 2];
    [&numbers[..], &ends, rest].concat()
}

pub(super) fn keepalive_at(time: u32) -> Vec<u8> {
    record_at(time, 16, 4, &session_as4(&message(4, &[])))
}

pub(super) fn keepalive() -> Vec<u8> {
    keepalive_at(TIME)
}

/// An UPDATE of an AS4 session that announces 10.0.0.0/8 … as many as asked.
pub(super) fn announcement(prefixes: u8) -> Vec<u8> {
    let list: Vec<u8> = (0..prefixes).flat_map(|n| [24, 10, 0, n]).collect();
    let update = update(&[], &attributes_as4(&[65_001, 70_000]), &list);
    record(16, 4, &session_as4(&update))
}

/// Three peers: AS 65001 at 10.0.0.1, AS 70000 at 2001:db8::2, AS 65003 at 10.0.0.3.
pub(super) fn peer_index_table() -> Vec<u8> {
    let mut body = vec![10, 9, 9, 9, 0, 4];
    body.extend(b"view");
    body.extend([0, 3]);
    body.extend([0, 1, 1, 1, 1, 10, 0, 0, 1, 0xfd, 0xe9]);
    body.extend([3, 2, 2, 2, 2]);
    body.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    body.extend([0, 1, 0x11, 0x70]);
    body.extend([2, 3, 3, 3, 3, 10, 0, 0, 3, 0, 0, 0xfd, 0xeb]);
    record(13, 1, &body)
}

/// A RIB record of `prefix`, with an entry for each peer index and path identifier.
pub(super) fn rib(subtype: u16, prefix: &[u8], entries: &[(u16, Option<u32>)], attributes: &[u8]) -> Vec<u8> {
    let mut body = vec![0, 0, 0, 1];
    body.extend(prefix);
    body.extend((entries.len() as u16).to_be_bytes());
    for (peer, path_id) in entries {
        body.extend(peer.to_be_bytes());
        body.extend(TIME.to_be_bytes());
        body.extend(path_id.iter().flat_map(|id| id.to_be_bytes()));
        body.extend(sized(attributes));
    }
    record(13, subtype, &body)
}

pub(super) fn table_dump(last: u8) -> Vec<u8> {
    let mut body = vec![0, 0, 0, last, 192, 0, last, 0, 24, 1];
    body.extend(TIME.to_be_bytes());
    body.extend([10, 0, 0, 1, 0xfd, 0xe9]);
    body.extend(sized(&attributes_as2(&[65_001, 65_002])));
    record(12, 1, &body)
}

/// Everything that a reader yields for a stream.
pub(super) struct Read {
    pub(super) events: Vec<Event>,
    pub(super) records: Vec<Record>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) summary: Summary,
}

/// Reads plain `bytes` and checks what holds for any input: every byte is in one event, in order, and the
/// summary is of these events.
pub(super) fn read(bytes: &[u8]) -> Read {
    let mut reader = Reader::new(bytes).unwrap();
    let events: Vec<Event> = reader.by_ref().collect();
    let summary = reader.summary().clone();
    assert_eq!(reader.next(), None);
    let mut records = Vec::new();
    let mut skipped = Vec::new();
    let mut at = 0;
    for event in &events {
        match event {
            Event::Record(record) => {
                assert_eq!(record.offset, at);
                let header = Header::parse(&bytes[at as usize..]).unwrap();
                at += header.total() as u64;
                records.push(record.clone());
            }
            Event::Skipped(skip) => {
                assert_eq!(skip.offset, at);
                assert!(!skip.reason.is_empty());
                at += skip.bytes;
                skipped.push(skip.clone());
            }
        }
    }
    assert_eq!((at, at), (summary.bytes, bytes.len() as u64));
    assert_eq!(summary.records, records.len() as u64);
    assert_eq!(summary.skipped, skipped.len() as u64);
    let sum = |count: fn(&Record) -> usize| records.iter().map(count).sum::<usize>() as u64;
    assert_eq!(summary.announced, sum(|record| record.announced.len()));
    assert_eq!(summary.withdrawn, sum(|record| record.withdrawn.len()));
    let bytes_skipped: u64 = skipped.iter().map(|skip| skip.bytes).sum();
    assert_eq!(summary.skipped_bytes, bytes_skipped);
    Read { events, records, skipped, summary }
}

/// A seeded xorshift: the same bytes in every run.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.below(256) as u8).collect()
    }
}

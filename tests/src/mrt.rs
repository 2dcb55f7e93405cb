//! An MRT file made up of every kind of record that carries routes, for machines where the real archives are missing.
//!
//! Written from RFC 6396, RFC 8050, RFC 4271 and RFC 4760, apart from the reader that is tested with it.

use std::path::PathBuf;

use crate::root;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Records that are read to their end.
    pub records: u64,
    /// Routes announced, or in tables.
    pub announced: u64,
    /// Routes withdrawn.
    pub withdrawn: u64,
}

/// The real archives: file, records, routes announced, routes withdrawn.
pub const ARCHIVES: [(&str, Counts); 6] = [
    ("bview.20020722.2337.gz", Counts { records: 115_521, announced: 115_521, withdrawn: 0 }),
    ("bview.ipv6_unicast_add_path.gz", Counts { records: 32, announced: 62, withdrawn: 0 }),
    ("updates.20020722.2238.gz", Counts { records: 1_121, announced: 825, withdrawn: 2_419 }),
    ("updates.20071015.1505.gz", Counts { records: 4_297, announced: 10_111, withdrawn: 385 }),
    ("updates.20100722.2015.gz", Counts { records: 2_193, announced: 5_067, withdrawn: 547 }),
    ("updates.20160811.1600.gz", Counts { records: 17_406, announced: 39_256, withdrawn: 1_956 }),
];

/// Where an archive is; `None`, and a word about it on standard output, where it is missing.
pub fn archive(name: &str) -> Option<PathBuf> {
    let path = root().join("../shared/data/mrt").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("{name} is not at hand: made-up routes have to do");
    None
}

/// A file of `rounds` times every kind of record, and what it holds.
pub fn made_up(rounds: u16) -> (Vec<u8>, Counts) {
    let mut file = File::default();
    file.peer_index();
    for round in 0..rounds {
        let [high, low] = round.to_be_bytes();
        file.table(&[24, 10, high, low], 2, false);
        file.table(&[48, 0x20, 1, 0xd, 0xb8, high, low], 4, false);
        file.table(&[24, 172, high, low], 8, true);
        file.table_dump(high, low);
        file.state_change();
        file.message(4, &bgp(4, &[]), 0, 0);
        let announced = [24, 192, high, low, 32, 198, 51, high, low, 0];
        let withdrawn = [16, 100, low, 8, 11];
        file.message(4, &update(&withdrawn, &attributes(2), &announced), 3, 2);
        file.message(1, &update(&[], &attributes(1), &announced[..4]), 1, 0);
        file.message(9, &update(&[], &attributes(2), &[0, 0, 0, 7, 8, 10, 0, 0, 0, 8, 8, 10]), 2, 0);
        let mut multiprotocol = attributes(2);
        // 2001:db8::/32 and ::/0 by way of 2001:db8::1, and one withdrawn.
        let next_hop = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        attribute(&mut multiprotocol, 14, &[&[0, 2, 1, 16], &next_hop[..], &[0, 32, 0x20, 1, 0xd, 0xb8, 0]].concat());
        attribute(&mut multiprotocol, 15, &[0, 2, 1, 16, 0x20, 2]);
        file.message(4, &update(&[], &multiprotocol, &[]), 2, 1);
    }
    (file.bytes, file.counts)
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    counts: Counts,
}

impl File {
    fn record(&mut self, kind: u16, subtype: u16, body: &[u8], announced: u64, withdrawn: u64) {
        // A minute past a round number, a second later each.
        let time = 1_700_000_040 + self.counts.records as u32;
        self.bytes.extend(time.to_be_bytes());
        self.bytes.extend(kind.to_be_bytes());
        self.bytes.extend(subtype.to_be_bytes());
        self.bytes.extend((body.len() as u32).to_be_bytes());
        self.bytes.extend(body);
        self.counts.records += 1;
        self.counts.announced += announced;
        self.counts.withdrawn += withdrawn;
    }

    /// Two peers: IPv4 with an AS number of two bytes, IPv6 with one of four.
    fn peer_index(&mut self) {
        let mut body = vec![192, 0, 2, 9, 0, 4];
        body.extend(b"view");
        body.extend([0, 2, 0, 192, 0, 2, 1, 192, 0, 2, 1, 0xfb, 0xf4, 3, 192, 0, 2, 2]);
        body.extend([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
        body.extend(70_000u32.to_be_bytes());
        self.record(13, 1, &body, 0, 0);
    }

    /// A RIB record with an entry of each peer.
    fn table(&mut self, prefix: &[u8], subtype: u16, add_path: bool) {
        let mut body = vec![0, 0, 0, 1];
        body.extend(prefix);
        body.extend([0, 2]);
        for peer in [0u8, 1] {
            body.extend([0, peer, 0x65, 0, 0, 0]);
            if add_path {
                body.extend([0, 0, 0, peer + 1]);
            }
            let attributes = attributes(2);
            body.extend((attributes.len() as u16).to_be_bytes());
            body.extend(attributes);
        }
        self.record(13, subtype, &body, 2, 0);
    }

    fn table_dump(&mut self, high: u8, low: u8) {
        let attributes = attributes(1);
        let mut body = vec![0, 0, 0, 1, 10, high, low, 0, 24, 1, 0x65, 0, 0, 0, 192, 0, 2, 1, 0xfb, 0xf4];
        body.extend((attributes.len() as u16).to_be_bytes());
        body.extend(attributes);
        self.record(12, 1, &body, 1, 0);
    }

    fn state_change(&mut self) {
        let mut body = session(4);
        body.extend([0, 6, 0, 1]);
        self.record(16, 5, &body, 0, 0);
    }

    fn message(&mut self, subtype: u16, message: &[u8], announced: u64, withdrawn: u64) {
        let mut body = session(if subtype == 1 { 2 } else { 4 });
        body.extend(message);
        self.record(16, subtype, &body, announced, withdrawn);
    }
}

/// The head of a BGP4MP record: AS numbers of so many bytes, interface, family, addresses.
fn session(width: usize) -> Vec<u8> {
    let mut head = Vec::new();
    for asn in [64_500u32, 64_496] {
        head.extend(&asn.to_be_bytes()[4 - width..]);
    }
    head.extend([0, 0, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2]);
    head
}

fn bgp(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![0xff; 16];
    message.extend((19 + body.len() as u16).to_be_bytes());
    message.push(kind);
    message.extend(body);
    message
}

fn update(withdrawn: &[u8], attributes: &[u8], announced: &[u8]) -> Vec<u8> {
    let mut body = (withdrawn.len() as u16).to_be_bytes().to_vec();
    body.extend(withdrawn);
    body.extend((attributes.len() as u16).to_be_bytes());
    body.extend(attributes);
    body.extend(announced);
    bgp(2, &body)
}

fn attribute(out: &mut Vec<u8>, kind: u8, value: &[u8]) {
    let flags = match kind {
        1..=3 => 0x40,
        14 | 15 => 0x80,
        _ => 0xc0,
    };
    out.extend([flags, kind, value.len() as u8]);
    out.extend(value);
}

/// ORIGIN, AS_PATH with AS numbers of 2 or 4 bytes (`half` of that), NEXT_HOP, COMMUNITIES.
fn attributes(half: usize) -> Vec<u8> {
    let mut path = vec![2, 2];
    for asn in [64_500u32, 64_510] {
        path.extend(&asn.to_be_bytes()[4 - 2 * half..]);
    }
    let mut out = Vec::new();
    attribute(&mut out, 1, &[0]);
    attribute(&mut out, 2, &path);
    attribute(&mut out, 3, &[192, 0, 2, 1]);
    attribute(&mut out, 8, &[0xfb, 0xf4, 0, 100]);
    out
}

//! Real BGP, read to the last route: the counts that are known, the counts of a second reader written in another
//! language, and what becomes of files that are damaged.

#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use tenterhook_bgp::mrt::{Event, Reader, Record};
use tenterhook_tests::mrt::{ARCHIVES, Counts, archive, made_up};
use tenterhook_tests::root;

/// What the reader under test says; `each` sees every record.
fn read(path: &Path, mut each: impl FnMut(&Record)) -> (Counts, Vec<String>) {
    let mut reader = Reader::open(path).unwrap();
    let mut skipped = Vec::new();
    let mut seen = Counts::default();
    for event in reader.by_ref() {
        match event {
            Event::Record(record) => {
                seen.records += 1;
                seen.announced += record.announced.len() as u64;
                seen.withdrawn += record.withdrawn.len() as u64;
                each(&record);
            }
            Event::Skipped(stretch) => {
                skipped.push(format!("{}+{}: {}", stretch.offset, stretch.bytes, stretch.reason))
            }
        }
    }
    let summary = reader.summary();
    let summed = Counts { records: summary.records, announced: summary.announced, withdrawn: summary.withdrawn };
    assert_eq!(summed, seen, "the summary is about what was seen");
    assert_eq!(summary.skipped, skipped.len() as u64);
    (seen, skipped)
}

/// What `tools/mrt_count.py` says.
fn second_opinion(path: &Path) -> (Counts, usize) {
    let tool = root().join("tests/tools/mrt_count.py");
    let output = Command::new("python3").arg(tool).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |key: &str| json[key].as_u64().unwrap();
    let counts = Counts { records: number("records"), announced: number("announced"), withdrawn: number("withdrawn") };
    (counts, json["errors"].as_array().unwrap().len())
}

fn saved(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

#[test]
fn every_archive_has_as_many_records_and_routes_as_it_is_known_to_have() {
    let mut read_any = false;
    for (name, known) in ARCHIVES {
        let Some(path) = archive(name) else { continue };
        let (counts, skipped) = read(&path, |record| {
            for route in &record.announced {
                assert!(route.peer.is_known() && route.attributes.malformed.is_empty(), "{name}: {record:?}");
            }
        });
        assert_eq!((counts, skipped.len()), (known, 0), "{name}: {skipped:?}");
        read_any = true;
    }
    if !read_any {
        let (bytes, known) = made_up(500);
        assert_eq!(read(saved(&bytes).path(), |_| ()), (known, vec![]));
    }
}

#[test]
fn a_second_reader_counts_the_same() {
    let mut paths: Vec<_> = ARCHIVES.iter().filter_map(|(name, _)| archive(name)).collect();
    let (bytes, _) = made_up(200);
    let file = saved(&bytes);
    paths.push(file.path().to_owned());
    for path in paths {
        let (counts, errors) = second_opinion(&path);
        assert_eq!((read(&path, |_| ()), 0), ((counts, vec![]), errors), "{}", path.display());
    }
}

#[test]
fn made_up_files_hold_what_they_were_made_of() {
    for rounds in [0, 1, 7, 300] {
        let (bytes, known) = made_up(rounds);
        let file = saved(&bytes);
        assert_eq!(read(file.path(), |_| ()), (known, vec![]), "{rounds} rounds");
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&bytes).unwrap();
        let packed = saved(&packed.finish().unwrap());
        assert_eq!(read(packed.path(), |_| ()), (known, vec![]), "{rounds} rounds, packed");
    }
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_read_up_to_there() {
    let (bytes, known) = made_up(3);
    let mut before = Counts::default();
    for len in 0..bytes.len() {
        let (counts, skipped) = read(saved(&bytes[..len]).path(), |_| ());
        assert!(
            counts.records >= before.records && counts.records <= known.records,
            "{len}: {counts:?} after {before:?}"
        );
        assert!(skipped.len() <= 1, "{len}: {skipped:?}");
        assert!(len == 0 || counts.records > 0 || !skipped.is_empty(), "{len}: nothing is said");
        before = counts;
    }
}

#[test]
fn a_damaged_record_costs_that_record_and_no_other() {
    let (bytes, known) = made_up(40);
    let offsets: Vec<usize> = std::iter::successors(Some(0), |at| {
        let length = u32::from_be_bytes(bytes.get(at + 8..at + 12)?.try_into().unwrap()) as usize;
        Some(at + 12 + length).filter(|next| *next < bytes.len())
    })
    .collect();
    assert_eq!(offsets.len() as u64, known.records);
    // An UPDATE whose attributes claim to be longer than it is: the third record of a round from its end.
    let damaged = offsets[offsets.len() - 4 - 10];
    let mut broken = bytes.clone();
    let withdrawn_length = damaged + 12 + 20 + 19;
    broken[withdrawn_length] = 0xff;
    let (counts, skipped) = read(saved(&broken).path(), |_| ());
    assert_eq!(counts.records, known.records - 1, "{skipped:?}");
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].starts_with(&format!("{damaged}+")), "{skipped:?} does not name {damaged}");
    let (second, errors) = second_opinion(saved(&broken).path());
    assert_eq!((counts, 1), (second, errors));
}

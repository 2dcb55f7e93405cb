//! `tenterhook replay` over files as they are met in the field: packed, cut short, mislabelled, of other families, and
//! no MRT at all.

use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value as Json, json};
use tenterhook_tests::mrt::made_up;
use tenterhook_tests::root;

use crate::process::{Folder, Run, run, run_with, text};

/// Logs what it is asked about.
const LOGGER: &str = "function process(prefix, peer, attributes, withdrawn)
  log.info(string.format('%s %s by AS%d%s at %d: %s', withdrawn and 'withdrawn' or 'announced', prefix.network,
    peer.remote_as, peer.description ~= '' and ' (' .. peer.description .. ')' or '', peer.last_readtime,
    attributes and attributes.aspath or ''))
end";

fn field(name: &str) -> PathBuf {
    root().join("tests/field").join(name)
}

fn replay_with(more: &[&str], input: &[u8]) -> Run {
    let folder = Folder::new();
    let script = folder.file("script.lua", LOGGER);
    let mut args = vec!["replay", "--hook", "bgp.process", "--script", text(&script)];
    args.extend(more);
    run_with(&args, input)
}

/// What is reported of one file, and what the script saw, with `--strict`.
fn strictly(file: &Path) -> (i32, Json, Vec<String>) {
    let run = replay_with(&["--json", "--strict", "--mrt", text(file)], b"");
    let report = run.json();
    let logs = report["logs"].as_array().unwrap().iter();
    let seen = logs.map(|line| line["message"].as_str().unwrap().to_owned()).collect();
    (run.code, report["files"][0].clone(), seen)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut packed, bytes).unwrap();
    packed.finish().unwrap()
}

/// What most files of `tests/field` hold, the packed ones 50 times.
const ROUTE: &str = "announced 203.0.113.0/24 by AS64500 at 1700000000: 64500 64510";

#[test]
fn what_collectors_pack_with_is_read_by_content_and_not_by_name() {
    let folder = Folder::new();
    for (name, compression) in [("03_bz2.mrt.bz2", "bzip2"), ("04_xz.mrt.xz", "xz"), ("05_zstd.mrt.zst", "zstd")] {
        let renamed = folder.file("renamed.mrt", std::fs::read(field(name)).unwrap());
        for file in [field(name), renamed] {
            let (code, report, seen) = strictly(&file);
            assert_eq!((code, seen.len()), (0, 10), "{name}: {report}");
            assert!(seen.iter().all(|line| line == ROUTE), "{name}: {seen:?}");
            assert_eq!((&report["records"], &report["announced"]), (&json!(50), &json!(50)));
            assert_eq!((&report["compression"], &report["cut_short"]), (&json!(compression), &Json::Null));
        }
    }
}

#[test]
fn standard_input_is_a_file_like_others() {
    let plain = std::fs::read(field("16_unknown_segment.mrt")).unwrap();
    let (bytes, counts) = made_up(5);
    for input in [bytes.clone(), gzip(&bytes), [gzip(&bytes[..100]), gzip(&bytes[100..]), vec![0; 100]].concat()] {
        let run = replay_with(&["--json", "--mrt", "-"], &input);
        assert_eq!(run.code, 0, "{run:?}");
        let file = &run.json()["files"][0];
        assert_eq!((&file["file"], &file["records"]), (&json!("standard input"), &json!(counts.records)));
    }
    let file = field("43_local_7.mrt");
    let both = replay_with(&["--json", "--mrt", text(&file), "-"], &plain);
    assert_eq!(both.json()["files"].as_array().unwrap().len(), 2, "{both:?}");
    let twice = replay_with(&["--mrt", "-", "-"], &bytes);
    assert_eq!(twice.code, 2, "{twice:?}");
    assert!(twice.err.contains("standard input can be given only once"), "{twice:?}");
    let none = replay_with(&["--mrt", "-"], b"hello");
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.err.contains("standard input: expected MRT records, found text that begins with"), "{none:?}");
}

#[test]
fn add_path_without_the_label_makes_no_routes() {
    let (code, report, seen) = strictly(&field("a0_mislabelled_pid0.mrt"));
    let prefixes: Vec<&str> = seen.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(prefixes, ["198.51.100.0/24", "203.0.113.0/24", "198.51.100.0/24"], "{seen:?}");
    assert_eq!((code, &report["unlabelled_add_path"], &report["skipped_count"]), (3, &json!(1), &json!(0)));
}

#[test]
fn a_path_that_cannot_be_read_is_not_an_empty_path() {
    let (code, report, seen) = strictly(&field("16_unknown_segment.mrt"));
    assert_eq!((code, seen.len()), (3, 0), "{seen:?}");
    assert_eq!(report["malformed"], json!({ "AS_PATH": { "value": 1 } }));
    assert_eq!((&report["announced"], &report["left_out"]), (&json!(1), &json!({ "malformed": 1 })));
}

#[test]
fn an_attribute_of_the_wrong_length_is_counted() {
    let (code, report, seen) = strictly(&field("86_malformed_med.mrt"));
    assert_eq!((code, seen.len()), (3, 0), "{seen:?}");
    assert_eq!(report["malformed"], json!({ "MULTI_EXIT_DISC": { "length": 1 } }));
    assert_eq!(report["left_out"], json!({ "malformed": 1 }));
}

#[test]
fn what_the_collector_sent_is_not_replayed_as_received() {
    let (code, report, seen) = strictly(&field("43_local_7.mrt"));
    assert_eq!((code, seen.len()), (3, 0), "{seen:?}");
    assert_eq!((&report["sent_by_collector"], &report["left_out"]), (&json!(1), &json!({ "sent_by_collector": 1 })));
}

#[test]
fn a_peer_that_the_table_does_not_have_is_told_to_the_script() {
    let (code, report, seen) = strictly(&field("57_rib_unknown_peer.mrt"));
    let expected = "announced 203.0.113.0/24 by AS0 (not in the peer index table) at 1700000000: 64500 64510";
    assert_eq!((code, &seen[..]), (3, &[expected.to_owned()][..]));
    assert_eq!(report["unknown_peers"], 1);
}

#[test]
fn multicast_tables_are_not_replayed_as_unicast() {
    let (code, report, seen) = strictly(&field("60_rib_multicast.mrt"));
    assert_eq!((code, &seen[..]), (3, &[ROUTE.to_owned()][..]), "the unicast route, once");
    assert_eq!((&report["announced"], &report["multicast"]), (&json!(2), &json!(1)));
    assert_eq!(report["left_out"], json!({ "multicast": 1 }));
}

#[test]
fn families_that_are_not_read_are_counted_by_name() {
    for (name, family) in [("70_vpnv4.mrt", "IPv4 VPN"), ("72_flowspec.mrt", "IPv4 flow specification")] {
        let (code, report, seen) = strictly(&field(name));
        assert_eq!((code, seen.len()), (3, 0), "{name}: {seen:?}");
        assert_eq!(report["families_not_read"], json!({ family: 1 }));
    }
}

#[test]
fn without_strict_oddities_are_told_and_do_not_fail() {
    for (name, remark) in [
        ("a0_mislabelled_pid0.mrt", "1 record with add-path identifiers but without the label"),
        ("16_unknown_segment.mrt", "malformed AS_PATH (value), 1 time"),
        ("16_unknown_segment.mrt", "left out 1 route that a router treats as withdrawn"),
        ("86_malformed_med.mrt", "malformed MULTI_EXIT_DISC (length), 1 time"),
        ("43_local_7.mrt", "1 record sent by the collector, not received"),
        ("57_rib_unknown_peer.mrt", "1 route of peers missing from the peer index table"),
        ("60_rib_multicast.mrt", "left out 1 route of multicast tables"),
        ("72_flowspec.mrt", "routes of IPv4 flow specification are not supported: 1 list"),
    ] {
        let run = replay_with(&["--mrt", text(&field(name))], b"");
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.contains(remark), "{name}: {remark}\n{}", run.out);
    }
}

#[test]
fn a_file_that_is_cut_short_says_so_in_its_exit_code() {
    let folder = Folder::new();
    let (bytes, counts) = made_up(40);
    let packed = gzip(&bytes);
    let whole = folder.file("whole.mrt.gz", &packed);
    for (cut, reason) in [
        (folder.file("cut.mrt", &bytes[..bytes.len() - 5]), "is cut short after"),
        (folder.file("header.mrt", [&bytes[..], &[0; 11]].concat()), "11 bytes at the end are not a record"),
        (folder.file("cut.mrt.gz", &packed[..packed.len() - 9]), "the gzip data is cut short: the file ends at byte"),
        (folder.file("more.mrt.gz", [&packed[..], b"more"].concat()), "is not gzip"),
    ] {
        let run = replay_with(&["--json", "--mrt", text(&cut), text(&whole)], b"");
        assert_eq!(run.code, 3, "{run:?}");
        let report = run.json();
        let said = report["files"][0]["cut_short"].as_str().unwrap();
        assert!(said.contains(reason), "{said}");
        assert_eq!(report["files"][1]["cut_short"], Json::Null);
        assert_eq!(report["files"][1]["records"], json!(counts.records));
        let shown = replay_with(&["--mrt", text(&cut)], b"");
        assert!(shown.code == 3 && shown.out.contains(": truncated after "), "{shown:?}");
    }
    let run = replay_with(&["--json", "--strict", "--mrt", text(&whole)], b"");
    assert_eq!(run.json()["files"][0]["cut_short"], Json::Null);
}

#[test]
fn what_is_no_mrt_is_refused_before_anything_is_replayed_and_says_what_it_looks_like() {
    let folder = Folder::new();
    let good = folder.file("good.mrt", made_up(3).0);
    let cut = std::fs::read(field("43_local_7.mrt")).unwrap();
    for (content, looks) in [
        (b"a list\nof routes".to_vec(), "found text that begins with \"a list\""),
        (b"{\"prefix\": \"192.0.2.0/24\"}".to_vec(), "found JSON text"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec(), "found an ELF program or library"),
        (vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0], "found a packet capture (pcap)"),
        (gzip(b"hello, world"), "found text that begins with \"hello, world\", compressed with gzip"),
        (gzip(&gzip(&made_up(1).0)), "found gzip data, compressed with gzip"),
        (gzip(b""), "found nothing, compressed with gzip"),
        (vec![0; 5_000], "found zeros"),
        (Vec::new(), "found an empty file"),
        (cut[..30].to_vec(), "found none: at byte 0, a record of 71 bytes is cut short after 18"),
        (
            gzip(&cut)[..8].to_vec(),
            "found none, compressed with gzip: at byte 0, the end is missing: the gzip data is cut short",
        ),
    ] {
        let bad = folder.file("bad.mrt", content);
        let run = replay_with(&["--json", "--mrt", text(&good), text(&bad)], b"");
        assert_eq!((run.code, &run.out[..]), (2, ""), "{looks}: {run:?}");
        let error: Json = serde_json::from_str(run.err.trim_end()).unwrap();
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains("bad.mrt") && message.contains(looks), "{looks}: {message}");
    }
    let directory = text(&folder.file("x", "")).trim_end_matches('x').to_owned();
    let run = replay_with(&["--mrt", &directory], b"");
    assert!(run.code == 2 && run.err.contains("expected a file, found a folder"), "{run:?}");
}

#[test]
fn every_state_and_route_hook_point_sees_what_is_its_own() {
    let folder = Folder::new();
    let script =
        folder.file("script.lua", "function route_match(p, a, peer) log.info(peer.last_readtime) return {} end");
    let file = field("60_rib_multicast.mrt");
    let report =
        run(&["replay", "--hook", "bgp.route_match", "--json", "--script", text(&script), "--mrt", text(&file)]).json();
    assert_eq!((&report["calls"], &report["logs"][0]["message"]), (&json!(1), &json!("1700000000")), "{report}");
}

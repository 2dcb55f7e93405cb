//! Archives, where they are at hand.

use std::path::Path;

use super::super::*;

/// Records, announced and withdrawn, as `tests/tools/mrt_count.py` counts them too.
const REAL: [(&str, u64, u64, u64); 6] = [
    ("bview.20020722.2337.gz", 115_521, 115_521, 0),
    ("bview.ipv6_unicast_add_path.gz", 32, 62, 0),
    ("updates.20020722.2238.gz", 1_121, 825, 2_419),
    ("updates.20071015.1505.gz", 4_297, 10_111, 385),
    ("updates.20100722.2015.gz", 2_193, 5_067, 547),
    ("updates.20160811.1600.gz", 17_406, 39_256, 1_956),
];

#[test]
fn real_files_are_read_to_their_end() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/mrt");
    for (name, records, announced, withdrawn) in REAL {
        let path = folder.join(name);
        if !path.exists() {
            println!("{} is not here: not tested", path.display());
            continue;
        }
        let mut reader = Reader::open(&path).unwrap();
        for event in reader.by_ref() {
            let Event::Record(record) = event else { panic!("{name}: {event:?}") };
            for route in &record.announced {
                assert!(route.peer.is_known(), "{name}: {record:?}");
            }
        }
        let summary = reader.summary();
        assert_eq!((summary.records, summary.announced, summary.withdrawn), (records, announced, withdrawn), "{name}");
        assert!(summary.is_clean(), "{name}: {summary:?}");
    }
}

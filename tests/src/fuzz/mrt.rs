//! MRT files.

use tenterhook_bgp::mrt::{Compression, Event, Reader};

/// The bytes are a file.
pub fn run(bytes: &[u8]) {
    let Ok(mut reader) = Reader::new(bytes) else { return };
    let _ = format!("{:?}", reader.looks_like());
    // A record takes bytes; more of them than there are bytes were made out of nothing. Packed, a byte may stand for very
    // many; what a few of them are shows as much as all of them.
    let is_packed = reader.compression() != Compression::None;
    let most = if is_packed { 10_000 } else { bytes.len() };
    let (mut read, mut routes) = (0, 0);
    for event in reader.by_ref().take(most + 1) {
        read += 1;
        if let Event::Record(record) = event {
            routes += record.announced.len() + record.withdrawn.len();
            for route in &record.announced {
                let _ = (route.attributes.withdraws(), route.attributes.as_path.to_string());
            }
        }
    }
    assert!(is_packed || read <= most, "{read} records in {} bytes", bytes.len());
    assert!(is_packed || routes <= bytes.len(), "{routes} routes in {} bytes", bytes.len());
    let summary = reader.summary();
    assert!(!summary.is_clean() || summary.skipped == 0, "{summary:?}");
    let _ = format!("{summary:?}");
}

//! MRT files.

use tenterhook_cli::mrt::Reader;

/// The bytes are a file.
pub fn run(bytes: &[u8]) {
    let Ok(mut reader) = Reader::new(bytes) else { return };
    // A record takes bytes; more of them than there are bytes were made out of nothing. Compressed, a byte may stand for
    // a thousand; this many are enough to see.
    let most = bytes.len() * 1_100 + 10;
    let read = reader.by_ref().take(most + 1).count();
    assert!(read <= most, "{read} records in {} bytes", bytes.len());
    let _ = format!("{:?}", reader.summary());
}

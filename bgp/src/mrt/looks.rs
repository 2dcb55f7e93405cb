//! Guesses what a file that is not MRT contains, for users who picked the wrong file.

/// The number of bytes that are inspected.
pub(super) const HEAD: usize = 512;
/// The most characters that are shown.
const SHOWN: usize = 24;

/// First bytes of formats that are easily taken for MRT.
const MAGIC: [(&[u8], &str); 22] = [
    (b"\x7fELF", "an ELF program or library"),
    (&[0xd4, 0xc3, 0xb2, 0xa1], "a packet capture (pcap)"),
    (&[0xa1, 0xb2, 0xc3, 0xd4], "a packet capture (pcap)"),
    (&[0x4d, 0x3c, 0xb2, 0xa1], "a packet capture (pcap)"),
    (&[0xa1, 0xb2, 0x3c, 0x4d], "a packet capture (pcap)"),
    (&[0x0a, 0x0d, 0x0d, 0x0a], "a packet capture (pcapng)"),
    (&[0x1f, 0x8b], "gzip data"),
    (&[0x1f, 0x9d], "data of compress (.Z)"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd data"),
    (&[0x04, 0x22, 0x4d, 0x18], "lz4 data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"OBMP", "OpenBMP messages"),
    (&[0xff; 16], "BGP messages without MRT headers"),
    (&[0xff, 0xfe], "text in UTF-16"),
    (&[0xfe, 0xff], "text in UTF-16"),
];

/// First words of text, in lower case.
const WORDS: [(&str, &str); 9] = [
    ("<!doctype html", "an HTML page"),
    ("<html", "an HTML page"),
    ("<?xml", "an XML document"),
    ("table_dump", "text as bgpdump prints it"),
    ("bgp4mp", "text as bgpdump prints it"),
    ("#!", "a script"),
    ("version https://git-lfs", "a pointer to a file in Git LFS"),
    ("{", "JSON text"),
    ("[", "JSON text"),
];

/// A guess at the file's format from its first bytes, such as `JSON text` or `an ELF program or library`; `None` if
/// they match no known format.
pub(super) fn looks_like(head: &[u8]) -> Option<String> {
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some((*what).to_owned());
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some("a tar archive".to_owned());
    }
    if is_bmp(head) {
        return Some("BMP messages (RFC 7854)".to_owned());
    }
    if let Some(text) = as_text(head) {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        let lower: String = start.chars().take(SHOWN).collect::<String>().to_ascii_lowercase();
        if let Some((_, what)) = WORDS.iter().find(|(word, _)| lower.starts_with(word)) {
            return Some((*what).to_owned());
        }
        let line = start.lines().next().unwrap_or_default();
        let shown: String = line.chars().take(SHOWN).collect();
        let more = if shown.len() < line.len() { "…" } else { "" };
        return Some(format!("text that begins with {shown:?}{more}"));
    }
    (!head.is_empty() && head.iter().all(|byte| *byte == 0)).then(|| "zeros".to_owned())
}

/// Whether the bytes are a common header of BMP: version 3, a possible length, a known type.
fn is_bmp(head: &[u8]) -> bool {
    let [3, a, b, c, d, kind, ..] = head else { return false };
    (6..=1 << 20).contains(&u32::from_be_bytes([*a, *b, *c, *d])) && *kind <= 6
}

/// The bytes as text if they are text, possibly cut within a character.
fn as_text(head: &[u8]) -> Option<&str> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let printable = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\x0c' | '\x1b');
    (!text.is_empty() && text.chars().all(printable)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_for_mrt_is_told() {
        let mut tar = vec![b'a'; 257];
        tar.extend(b"ustar\x000000000");
        for (head, what) in [
            (&b"\x7fELF\x02\x01"[..], "an ELF program or library"),
            (&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0], "a packet capture (pcap)"),
            (b"{\"a\": 1}", "JSON text"),
            (b"\n  [1, 2]", "JSON text"),
            (b"\xef\xbb\xbf<!DOCTYPE HTML>\n<p>404", "an HTML page"),
            (b"TABLE_DUMP2|1470931200|B|192.0.2.1|65001|", "text as bgpdump prints it"),
            (b"#!/bin/sh", "a script"),
            (b"hello\nworld", "text that begins with \"hello\""),
            ("größere Straßen und Wege überall".as_bytes(), "text that begins with \"größere Straßen und Wege\"…"),
            (b"\x1f\x8b\x08", "gzip data"),
            (&tar, "a tar archive"),
            (&[3, 0, 0, 0, 60, 4, 1, 2], "BMP messages (RFC 7854)"),
            (&[0xff; 20], "BGP messages without MRT headers"),
            (&[0; 20], "zeros"),
        ] {
            assert_eq!(looks_like(head).as_deref(), Some(what));
        }
        for head in [&[1, 2, 0xfe][..], &[3, 0, 0, 0, 5, 4, 1], &[]] {
            assert_eq!(looks_like(head), None);
        }
    }

    #[test]
    fn text_that_is_cut_within_a_character_is_text() {
        let head = "ä".repeat(40);
        for end in 1..head.len() {
            let text = as_text(&head.as_bytes()[..end]).is_some();
            assert_eq!(text, end > 1, "{end} bytes");
        }
    }
}

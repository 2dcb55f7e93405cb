//! The decompressed bytes of a file, with a window for lookahead and the window's offset.

use std::io::{self, Read};

use super::compression::{Broken, Compression, Unpacked};

/// The size of a read from the source, in bytes.
const CHUNK: usize = 64 * 1024;

/// The bytes of a plain or compressed file. An error that ends the stream early is kept.
pub(super) struct Stream<R: Read> {
    source: Unpacked<R>,
    buffer: Vec<u8>,
    /// The start of the unread part of `buffer`.
    start: usize,
    offset: u64,
    ended: bool,
    error: Option<String>,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(reader: R) -> io::Result<Self> {
        Ok(Self { source: Unpacked::new(reader)?, buffer: Vec::new(), start: 0, offset: 0, ended: false, error: None })
    }

    /// The compression of the file.
    pub(super) fn compression(&self) -> Compression {
        self.source.compression()
    }

    /// The offset of the window in the decompressed stream.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Why the stream ended early, if it did.
    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Returns the next `count` bytes, or fewer if the stream ends.
    pub(super) fn peek(&mut self, count: usize) -> &[u8] {
        while self.buffer.len() - self.start < count && !self.ended {
            self.fill();
        }
        let end = self.buffer.len().min(self.start.saturating_add(count));
        &self.buffer[self.start..end]
    }

    /// Moves past `count` bytes that were seen, and returns how many there were.
    pub(super) fn consume(&mut self, count: usize) -> u64 {
        let count = count.min(self.buffer.len() - self.start);
        self.start += count;
        self.offset += count as u64;
        count as u64
    }

    /// Reads once from the source, into a buffer whose consumed front is discarded first. The rest is moved only when
    /// that front is larger than it, so that each byte moves once on average however far the reader looks ahead.
    fn fill(&mut self) {
        let unread = self.buffer.len() - self.start;
        if self.start >= unread {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let read = match self.source.read(&mut self.buffer[filled..]) {
            Ok(read) => read,
            Err(Broken(reason)) => {
                self.error = Some(reason);
                0
            }
        };
        self.ended = read == 0;
        self.buffer.truncate(filled + read);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, ErrorKind};

    use super::super::testing::{Random, bzip2, gzip, xz, zstd};
    use super::*;

    fn drain(mut stream: Stream<&[u8]>) -> (Vec<u8>, Option<String>) {
        let mut all = Vec::new();
        loop {
            // an odd step, so that looks and chunks never line up
            let seen = stream.peek(1_777).to_vec();
            if seen.is_empty() {
                assert_eq!(stream.offset(), all.len() as u64);
                return (all, stream.error().map(str::to_owned));
            }
            let step = seen.len().min(1_234);
            all.extend_from_slice(&seen[..step]);
            assert_eq!(stream.consume(step), step as u64);
        }
    }

    type Packer = fn(&[u8]) -> Vec<u8>;

    const PACKERS: [(&str, Packer); 4] = [("gzip", gzip), ("bzip2", bzip2), ("xz", xz), ("zstd", zstd)];

    #[test]
    fn every_format_reads_the_same_in_one_member_or_several_with_padding() {
        let plain = Random::new(5).bytes(300_000);
        assert_eq!(drain(Stream::new(&plain[..]).unwrap()), (plain.clone(), None));
        let (front, back) = plain.split_at(100_000);
        for (name, pack) in PACKERS {
            for padding in [0, 1, 4, 512, 200_000] {
                let zeros = vec![0; padding];
                let bytes = [pack(front), zeros.clone(), pack(&[]), pack(back), zeros].concat();
                let stream = Stream::new(&bytes[..]).unwrap();
                assert_eq!(stream.compression().name(), name);
                assert_eq!(drain(stream), (plain.clone(), None), "{name}, {padding} zeros");
            }
        }
        let mixed = [gzip(front), xz(back)].concat();
        assert_eq!(drain(Stream::new(&mixed[..]).unwrap()), (plain, None));
    }

    #[test]
    fn a_skippable_frame_of_zstd_is_skipped_and_its_checksum_compared() {
        let plain = Random::new(6).bytes(10_000);
        let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0][..], b"abcd"].concat();
        let bytes = [&skippable[..], &zstd(&plain), &skippable].concat();
        assert_eq!(drain(Stream::new(&bytes[..]).unwrap()), (plain.clone(), None));
        let cut = drain(Stream::new(&skippable[..10]).unwrap()).1.unwrap();
        assert_eq!(cut, "the zstd data is cut short: the file ends at byte 10");
        let mut damaged = zstd(&plain);
        *damaged.last_mut().unwrap() ^= 1;
        let (_, error) = drain(Stream::new(&damaged[..]).unwrap());
        assert!(error.as_deref().is_some_and(|error| error.ends_with("its checksum does not match")), "{error:?}");
    }

    #[test]
    fn a_packed_file_that_is_cut_short_says_where_after_what_was_read() {
        let plain = Random::new(5).bytes(3_000_000);
        for (name, pack) in PACKERS {
            let packed = pack(&plain);
            for end in [packed.len() / 2, packed.len() - 1] {
                let (read, error) = drain(Stream::new(&packed[..end]).unwrap());
                assert!(!read.is_empty() && plain.starts_with(&read), "{name}: {} bytes", read.len());
                assert_eq!(error, Some(format!("the {name} data is cut short: the file ends at byte {end}")));
            }
        }
    }

    #[test]
    fn damage_within_and_foreign_bytes_behind_are_told() {
        let plain = Random::new(5).bytes(300_000);
        for (name, pack) in PACKERS {
            let mut packed = pack(&plain);
            let foreign = [&packed[..], b"\0\0more"].concat();
            let (read, error) = drain(Stream::new(&foreign[..]).unwrap());
            let at = packed.len() + 2;
            assert_eq!(error, Some(format!("what follows the {name} data at byte {at} of the file is not {name}")));
            assert_eq!(read, plain);
            let middle = packed.len() / 2;
            packed[middle..middle + 8].fill(0x55);
            let (_, error) = drain(Stream::new(&packed[..]).unwrap());
            let error = error.unwrap();
            assert!(error.starts_with(&format!("the {name} data is damaged before byte ")), "{error}");
        }
    }

    #[test]
    fn dictionaries_beyond_the_memory_that_is_allowed_are_refused() {
        // 28 bits and one more: 256 MiB; and an xz block header of 192 MiB, the first step beyond 128
        let window = [0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3, 1, 0, 0];
        let (_, error) = drain(Stream::new(&window[..]).unwrap());
        assert!(error.as_deref().is_some_and(|error| error.contains("zstd data is damaged")), "{error:?}");
        let least = [0x28, 0xb5, 0x2f, 0xfd, 0, 17 << 3, 1, 0, 0];
        assert_eq!(drain(Stream::new(&least[..]).unwrap()), (Vec::new(), None));
        for (bits, allowed) in [(30, true), (31, false), (40, false)] {
            let mut packed = xz(b"route");
            packed[16] = bits;
            let checksum = crc32(&packed[12..20]);
            packed[20..24].copy_from_slice(&checksum);
            let (read, error) = drain(Stream::new(&packed[..]).unwrap());
            assert_eq!(read == b"route", allowed, "{bits}: {error:?}");
            let refused = error.is_some_and(|error| error.contains("more than 134217728 bytes of memory"));
            assert_eq!(refused, !allowed, "{bits}");
        }
    }

    /// As xz has it in its headers.
    fn crc32(bytes: &[u8]) -> [u8; 4] {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum().to_le_bytes()
    }

    #[test]
    fn a_source_that_fails_or_is_interrupted_is_told_from_an_end() {
        struct Source(Cursor<Vec<u8>>, u8);
        impl Read for Source {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                self.1 = self.1.wrapping_add(1);
                if self.1.is_multiple_of(2) {
                    return Err(ErrorKind::Interrupted.into());
                }
                match self.0.read(into)? {
                    0 => Err(io::Error::other("the disk is on fire")),
                    read => Ok(read),
                }
            }
        }
        let plain = Random::new(5).bytes(100_000);
        for (name, pack) in PACKERS {
            let mut packed = pack(&plain);
            packed.truncate(packed.len() - 3);
            let mut stream = Stream::new(Source(Cursor::new(packed.clone()), 0)).unwrap();
            stream.peek(usize::MAX);
            let at = packed.len();
            let expected = format!("reading failed at byte {at} of the file: the disk is on fire");
            assert_eq!(stream.error(), Some(&expected[..]), "{name}");
        }
    }

    #[test]
    fn looks_no_further_than_there_is() {
        for short in [&b""[..], b"\x1f", b"\x1f\x8c\x00", b"BZh", b"\xfd7zXZ"] {
            let mut stream = Stream::new(short).unwrap();
            assert_eq!(stream.peek(usize::MAX), short);
            assert_eq!(stream.consume(usize::MAX), short.len() as u64);
            assert_eq!(stream.error(), None);
        }
    }
}

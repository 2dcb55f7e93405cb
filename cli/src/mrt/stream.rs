//! The decompressed bytes of a file, with a window to look ahead in and the offset of where it begins.

use std::io::{self, BufReader, Cursor, ErrorKind, Read};

use flate2::read::MultiGzDecoder;

const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// How much is asked of the source at a time.
const CHUNK: usize = 64 * 1024;

/// The source with the bytes that its kind was told from put back in front.
type Whole<R> = io::Chain<Cursor<Vec<u8>>, R>;

enum Source<R: Read> {
    Plain(Whole<R>),
    // Boxed: the decoder's state is large, and most of it unused in the other case.
    Gzip(Box<MultiGzDecoder<BufReader<Whole<R>>>>),
}

/// Bytes of a plain or gzip file. An error of the source ends the stream and is kept.
pub(super) struct Stream<R: Read> {
    source: Source<R>,
    buffer: Vec<u8>,
    /// Where the unread part of `buffer` begins.
    start: usize,
    offset: u64,
    ended: bool,
    error: Option<String>,
}

impl<R: Read> Stream<R> {
    /// Tells gzip by its magic bytes: names of archives are not to be relied on.
    pub(super) fn new(mut reader: R) -> io::Result<Self> {
        let mut magic = Vec::with_capacity(GZIP_MAGIC.len());
        reader.by_ref().take(GZIP_MAGIC.len() as u64).read_to_end(&mut magic)?;
        let is_gzip = magic == GZIP_MAGIC;
        let whole = Cursor::new(magic).chain(reader);
        Ok(Self {
            source: if is_gzip {
                // Archives are at times several gzip members one after the other.
                Source::Gzip(Box::new(MultiGzDecoder::new(BufReader::new(whole))))
            } else {
                Source::Plain(whole)
            },
            buffer: Vec::new(),
            start: 0,
            offset: 0,
            ended: false,
            error: None,
        })
    }

    /// Where the window begins in the decompressed stream.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Why the stream ended before its time, if it did.
    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// The next `count` bytes, or fewer where the stream ends.
    pub(super) fn peek(&mut self, count: usize) -> &[u8] {
        while self.buffer.len() - self.start < count && !self.ended {
            self.fill();
        }
        let end = self.buffer.len().min(self.start.saturating_add(count));
        &self.buffer[self.start..end]
    }

    /// Moves past `count` bytes that were seen; returns how many there were.
    pub(super) fn consume(&mut self, count: usize) -> u64 {
        let count = count.min(self.buffer.len() - self.start);
        self.start += count;
        self.offset += count as u64;
        count as u64
    }

    /// One read from the source, into a buffer whose consumed front is given back first. It is moved only when
    /// that front is larger than what is moved, so that bytes move once on average however far ahead one looks.
    fn fill(&mut self) {
        let unread = self.buffer.len() - self.start;
        if self.start >= unread {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let filled = self.buffer.len();
        self.buffer.resize(filled + CHUNK, 0);
        let read = match &mut self.source {
            Source::Plain(source) => source.read(&mut self.buffer[filled..]),
            Source::Gzip(source) => source.read(&mut self.buffer[filled..]),
        };
        let read = match read {
            Ok(0) => {
                self.ended = true;
                0
            }
            Ok(read) => read.min(CHUNK),
            Err(error) if error.kind() == ErrorKind::Interrupted => 0,
            Err(error) => {
                self.ended = true;
                self.error = Some(match &self.source {
                    Source::Plain(_) => format!("reading failed: {error}"),
                    Source::Gzip(_) => format!("the gzip stream is damaged: {error}"),
                });
                0
            }
        };
        self.buffer.truncate(filled + read);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, gzip};
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

    #[test]
    fn plain_gzip_and_several_members_read_the_same() {
        let plain = Random::new(5).bytes(300_000);
        let (front, back) = plain.split_at(100_000);
        let members = [gzip(front), gzip(back)].concat();
        for bytes in [&plain, &gzip(&plain), &members] {
            assert_eq!(drain(Stream::new(&bytes[..]).unwrap()), (plain.clone(), None));
        }
    }

    #[test]
    fn a_damaged_gzip_stream_ends_with_what_was_read() {
        let plain = Random::new(5).bytes(300_000);
        let packed = gzip(&plain);
        let (read, error) = drain(Stream::new(&packed[..packed.len() / 2]).unwrap());
        assert!(!read.is_empty() && plain.starts_with(&read));
        assert!(error.unwrap().starts_with("the gzip stream is damaged: "));
    }

    #[test]
    fn looks_no_further_than_there_is() {
        for short in [&b""[..], b"\x1f", b"\x1f\x8c\x00"] {
            let mut stream = Stream::new(short).unwrap();
            assert_eq!(stream.peek(usize::MAX), short);
            assert_eq!(stream.consume(usize::MAX), short.len() as u64);
            assert_eq!(stream.error(), None);
        }
    }
}

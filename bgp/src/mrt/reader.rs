//! The reader: one event after the other, covering every byte of the stream.

use std::fs::File;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::path::Path;

use super::compression::Compression;
use super::cursor::Reason;
use super::decode::{self, Decoder};
use super::header::{HEADER, Header, MAX_BODY};
use super::looks::{self, looks_like};
use super::resync::{self, Clock, Follower};
use super::route::Record;
use super::stream::Stream;
use super::summary::Summary;

/// The most bytes without a record and without a trusted length; after that, the rest is not MRT either, or a few bytes
/// that decompress without end. Tests use a smaller number.
pub(super) const MOST_BARREN: u64 = if cfg!(test) { 1 << 20 } else { 64 << 20 };

/// A stretch of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A record.
    Record(Record),
    /// Anything else.
    Skipped(Skipped),
}

/// A stretch of the stream that is not in any [`Record`]: a record that does not decode, bytes that belong to no
/// record, a cut end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The offset of its start in the decompressed stream.
    pub offset: u64,
    /// Its length in bytes; 0 if the source failed between two records.
    pub bytes: u64,
    /// The reason, as text.
    pub reason: String,
}

/// Reads an MRT file, plain or compressed with gzip, bzip2, xz or zstd.
pub struct Reader<R: Read> {
    stream: Stream<R>,
    decoder: Decoder,
    clock: Clock,
    summary: Summary,
    looks_like: Option<String>,
    /// Bytes since the last record, or since the last trusted length.
    barren: u64,
    /// Whether the source's failure was already reported.
    error_reported: bool,
    gave_up: bool,
}

impl Reader<File> {
    /// # Errors
    ///
    /// The file cannot be opened or its first bytes cannot be read. Later failures are [`Skipped`] events.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::new(File::open(path)?)
    }
}

impl<R: Read> Reader<R> {
    /// # Errors
    ///
    /// The first bytes, which identify the compression, cannot be read.
    pub fn new(reader: R) -> io::Result<Self> {
        let mut stream = Stream::new(reader)?;
        let head = stream.peek(looks::HEAD);
        let is_mrt = Header::parse(head).is_some_and(|header| header.check().is_ok());
        let looks_like = if is_mrt { None } else { looks_like(head) };
        Ok(Self {
            stream,
            decoder: Decoder::new(),
            clock: Clock::default(),
            summary: Summary::default(),
            looks_like,
            barren: 0,
            error_reported: false,
            gave_up: false,
        })
    }

    /// The totals of what was read so far; of the whole file once the events have ended.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The compression of the file.
    #[must_use]
    pub fn compression(&self) -> Compression {
        self.stream.compression()
    }

    /// A guess at the file's format, such as `text that begins with "hello"`; `None` if it begins like MRT, or like no
    /// known format.
    #[must_use]
    pub fn looks_like(&self) -> Option<&str> {
        self.looks_like.as_deref()
    }

    fn record(&mut self, header: Header, record: Record) -> Event {
        self.clock.observe(header.seconds);
        let bytes = self.stream.consume(header.total());
        self.summary.add(&record, bytes);
        self.barren = 0;
        Event::Record(record)
    }

    /// Skips what is not a record, up to the next one. `length` is where the next record begins according to a header.
    /// It is trusted if something plausible follows there and no record comes before, because a record before it would
    /// mean that the length is wrong and only happens to lead to a later one.
    fn skip(&mut self, length: Option<usize>, reason: Reason) -> Skipped {
        let offset = self.stream.offset();
        self.barren = if length.is_some() { 0 } else { self.barren };
        let limit = length.unwrap_or_else(|| usize::try_from(MOST_BARREN - self.barren).unwrap_or(usize::MAX));
        let bytes = resync::skip_to_record(&mut self.stream, &mut self.decoder, &self.clock, limit);
        self.barren += if length.is_some() { 0 } else { bytes };
        self.skipped(offset, bytes, reason)
    }

    fn skipped(&mut self, offset: u64, bytes: u64, mut reason: Reason) -> Skipped {
        // If the source failed, the missing end is part of that failure: one event, not two.
        if self.stream.peek(1).is_empty()
            && !self.error_reported
            && let Some(error) = self.stream.error()
        {
            reason = format!("{reason}: {error}");
            self.summary.cut_short = Some(error.to_owned());
            self.error_reported = true;
        }
        if self.barren >= MOST_BARREN {
            self.gave_up = true;
            reason = format!("{reason}; there is no record in {MOST_BARREN} bytes, and the rest is not read");
            self.summary.cut_short = Some(format!("there is no record in {MOST_BARREN} bytes"));
        }
        self.summary.bytes += bytes;
        self.summary.skipped += 1;
        self.summary.skipped_bytes += bytes;
        Skipped { offset, bytes, reason }
    }

    /// Reports the end of a stream in which no more header fits.
    fn end(&mut self, left: usize) -> Option<Skipped> {
        let failed = self.stream.error().is_some() && !self.error_reported;
        if left == 0 && !failed {
            return None;
        }
        let offset = self.stream.offset();
        let bytes = self.stream.consume(left);
        let reason = match left {
            0 => "the end is missing".to_owned(),
            _ => format!("{left} bytes at the end are not a record"),
        };
        Some(self.cut_short(reason, |reader, reason| reader.skipped(offset, bytes, reason)))
    }

    /// Skips, and notes that the file is cut short if that leads to its end.
    fn cut_short(&mut self, reason: Reason, skip: impl FnOnce(&mut Self, Reason) -> Skipped) -> Skipped {
        let skipped = skip(self, reason.clone());
        if self.stream.peek(1).is_empty() {
            self.summary.cut_short.get_or_insert(reason);
        }
        skipped
    }

    fn refused(&mut self, header: Header, reason: Reason) -> Skipped {
        // Only the length may be trusted here: a record of a new type, or a damaged one, is skipped by its length.
        let length = (header.length <= MAX_BODY && Follower::of(&mut self.stream, header).is_plausible())
            .then(|| header.total());
        if length.is_some()
            && let Some(family) = decode::generic_family(header, resync::body(&mut self.stream, header))
        {
            self.summary.families.add(family);
        }
        self.skip(length, reason)
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        if self.gave_up {
            return None;
        }
        let head = self.stream.peek(HEADER);
        let left = head.len();
        let Some(header) = Header::parse(head) else {
            return self.end(left).map(Event::Skipped);
        };
        if let Err(reason) = header.check() {
            return Some(Event::Skipped(self.refused(header, reason)));
        }
        if matches!(Follower::of(&mut self.stream, header), Follower::Cut) {
            // The file ends here, or the length is wrong: in that case there are records within.
            let there = self.stream.peek(header.total()).len() - HEADER;
            let reason = format!("a record of {} bytes is cut short after {there}", header.length);
            return Some(Event::Skipped(self.cut_short(reason, |reader, reason| reader.skip(None, reason))));
        }
        let offset = self.stream.offset();
        let body = resync::body(&mut self.stream, header);
        Some(match self.decoder.decode(header, body, offset) {
            Ok(decoded) => {
                let record = self.decoder.accept(decoded);
                self.record(header, record)
            }
            Err(reason) => {
                self.decoder.reject(header);
                Event::Skipped(self.refused(header, reason))
            }
        })
    }
}

impl<R: Read> FusedIterator for Reader<R> {}

//! The reader: one event after the other, for every byte of the stream.

use std::fs::File;
use std::io::{self, Read};
use std::iter::FusedIterator;
use std::path::Path;

use super::cursor::Reason;
use super::decode::Decoder;
use super::header::{HEADER, Header, MAX_BODY};
use super::resync::{self, Clock, Follower};
use super::route::Record;
use super::stream::Stream;

/// What a stretch of the stream turned out to be.
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
    /// Where it begins in the decompressed stream.
    pub offset: u64,
    /// How long it is; 0 where the source failed between two records.
    pub bytes: u64,
    /// What is wrong with it, for people to read.
    pub reason: String,
}

/// What was read so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records that were read to their end.
    pub records: u64,
    /// Stretches that were skipped, each reported once.
    pub skipped: u64,
    /// Routes announced, or in tables.
    pub announced: u64,
    /// Routes withdrawn.
    pub withdrawn: u64,
    /// Decompressed, those skipped included.
    pub bytes: u64,
    /// Decompressed, in what was skipped.
    pub skipped_bytes: u64,
}

/// Reads an MRT file, plain or gzip.
pub struct Reader<R: Read> {
    stream: Stream<R>,
    decoder: Decoder,
    clock: Clock,
    summary: Summary,
    /// The source's failure is in an event already.
    error_reported: bool,
}

impl Reader<File> {
    /// # Errors
    ///
    /// The file cannot be opened or its first bytes not be read. Later failures are [`Skipped`] events.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::new(File::open(path)?)
    }
}

impl<R: Read> Reader<R> {
    /// # Errors
    ///
    /// The first bytes, which tell gzip, cannot be read.
    pub fn new(reader: R) -> io::Result<Self> {
        Ok(Self {
            stream: Stream::new(reader)?,
            decoder: Decoder::new(),
            clock: Clock::default(),
            summary: Summary::default(),
            error_reported: false,
        })
    }

    /// What was read so far; of the whole file once the events have ended.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary
    }

    fn record(&mut self, header: Header, record: Record) -> Event {
        self.clock.observe(header.seconds);
        self.summary.bytes += self.stream.consume(header.total());
        self.summary.records += 1;
        self.summary.announced += record.announced.len() as u64;
        self.summary.withdrawn += record.withdrawn.len() as u64;
        Event::Record(record)
    }

    /// Steps over what is no record, up to the next one. `length` is where a header says that would be: to be
    /// believed if something plausible follows there, and if there is no record before, as that would mean that
    /// the length is wrong and only happens to lead to a later one.
    fn skip(&mut self, length: Option<usize>, reason: Reason) -> Event {
        let offset = self.stream.offset();
        let bytes = resync::skip_to_record(&mut self.stream, &mut self.decoder, &self.clock, length);
        self.skipped(offset, bytes, reason)
    }

    fn skipped(&mut self, offset: u64, bytes: u64, mut reason: Reason) -> Event {
        // What is missing at the end is missing because the source failed: that is one event, not two.
        if self.stream.peek(1).is_empty()
            && !self.error_reported
            && let Some(error) = self.stream.error()
        {
            reason = format!("{reason}: {error}");
            self.error_reported = true;
        }
        self.summary.bytes += bytes;
        self.summary.skipped += 1;
        self.summary.skipped_bytes += bytes;
        Event::Skipped(Skipped { offset, bytes, reason })
    }

    /// What is to be said where no header fits any more.
    fn end(&mut self, left: usize) -> Option<Event> {
        let failed = self.stream.error().is_some() && !self.error_reported;
        if left == 0 && !failed {
            return None;
        }
        let offset = self.stream.offset();
        let bytes = self.stream.consume(left);
        let reason = match left {
            0 => "the end is missing".to_owned(),
            _ => format!("{left} bytes at the end are no record"),
        };
        Some(self.skipped(offset, bytes, reason))
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let head = self.stream.peek(HEADER);
        let left = head.len();
        let Some(header) = Header::parse(head) else {
            return self.end(left);
        };
        if let Err(reason) = header.check() {
            // Nothing to believe in but perhaps the length: a type that is new, or damaged, costs that record.
            let length = (header.length <= MAX_BODY && Follower::of(&mut self.stream, header).is_plausible())
                .then(|| header.total());
            return Some(self.skip(length, reason));
        }
        let follower = Follower::of(&mut self.stream, header);
        if matches!(follower, Follower::Cut) {
            // The end of the file, or a length that is wrong: in that case there are records within.
            let there = self.stream.peek(header.total()).len() - HEADER;
            let promised = header.length;
            return Some(self.skip(None, format!("a record of {promised} bytes is cut short after {there}")));
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
                self.skip(follower.is_plausible().then(|| header.total()), reason)
            }
        })
    }
}

impl<R: Read> FusedIterator for Reader<R> {}

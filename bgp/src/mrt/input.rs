//! The raw bytes of a file, with lookahead, the current offset, and whether the end was reached.

use std::io::{self, BufRead, ErrorKind, Read};

/// The size of a read from the source, in bytes.
const CHUNK: usize = 64 * 1024;

/// A buffered source. Its first failure ends it and is kept.
pub(super) struct Input<R: Read> {
    source: R,
    buffer: Vec<u8>,
    /// The part of `buffer` that is not read yet.
    unread: std::ops::Range<usize>,
    offset: u64,
    ended: bool,
    failure: Option<String>,
}

impl<R: Read> Input<R> {
    pub(super) fn new(source: R) -> Self {
        Self { source, buffer: vec![0; CHUNK], unread: 0..0, offset: 0, ended: false, failure: None }
    }

    /// The number of bytes read from here.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether more was requested than the source has.
    pub(super) fn is_at_end(&self) -> bool {
        self.ended && self.unread.is_empty()
    }

    /// Why the source failed, if it did.
    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// Returns the next `count` bytes (a few) without consuming them; fewer if the source ends.
    ///
    /// # Errors
    ///
    /// The source fails.
    pub(super) fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        if self.unread.len() < count {
            self.buffer.copy_within(self.unread.clone(), 0);
            self.unread = 0..self.unread.len();
        }
        while self.unread.len() < count && !self.ended {
            let end = self.unread.end;
            self.unread.end += ask(&mut self.source, &mut self.buffer[end..], &mut self.ended, &mut self.failure)?;
        }
        let end = self.unread.end.min(self.unread.start + count);
        Ok(&self.buffer[self.unread.start..end])
    }
}

/// Reads once from the source, and repeats a read that was interrupted.
fn ask(source: &mut impl Read, into: &mut [u8], ended: &mut bool, failure: &mut Option<String>) -> io::Result<usize> {
    loop {
        match source.read(into) {
            Ok(0) => *ended = true,
            Ok(read) => return Ok(read.min(into.len())),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => {
                *ended = true;
                *failure = Some(error.to_string());
                return Err(error);
            }
        }
        return Ok(0);
    }
}

impl<R: Read> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.unread.is_empty() && !self.ended {
            self.unread = 0..ask(&mut self.source, &mut self.buffer, &mut self.ended, &mut self.failure)?;
        }
        Ok(&self.buffer[self.unread.clone()])
    }

    fn consume(&mut self, count: usize) {
        let count = count.min(self.unread.len());
        self.unread.start += count;
        self.offset += count as u64;
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // A read that would fill the buffer goes directly to its destination.
        if self.unread.is_empty() && into.len() >= CHUNK && !self.ended {
            let read = ask(&mut self.source, into, &mut self.ended, &mut self.failure)?;
            self.offset += read as u64;
            return Ok(read);
        }
        let there = self.fill_buf()?;
        let read = there.len().min(into.len());
        into[..read].copy_from_slice(&there[..read]);
        self.consume(read);
        Ok(read)
    }
}

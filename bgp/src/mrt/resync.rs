//! Finds the next record after an implausible header.
//!
//! Headers have no magic number, so a header is trusted because of a known type and subtype, a length that the type
//! allows, a time near that of the surrounding records, and a length that leads to another such header, to the very
//! end, or around a body that decodes to its last byte. 12 random bytes pass the first two with a probability of about
//! 10⁻¹³; the rest guards against bytes that are not random.

use std::io::Read;

use super::decode::Decoder;
use super::header::{HEADER, Header};
use super::stream::Stream;

/// The largest difference between the times of neighbouring records. Collectors start a new file at least daily.
const WINDOW: u32 = 24 * 60 * 60;

/// The number of bytes scanned between two reads of the source.
const LOOK: usize = 64 * 1024;

/// The bytes of bodies that may be decoded on trial without progress; each skipped byte adds to them. Crafted bytes can
/// look like a header everywhere; this keeps the work proportional to their number.
const TRIALS: u64 = 1 << 20;
const TRIALS_PER_BYTE: u64 = 8;

/// What follows the record that a header begins.
pub(super) enum Follower {
    /// The stream ends within the body.
    Cut,
    End,
    /// A few bytes, too few for a header.
    Stub,
    Header(Header),
}

impl Follower {
    /// Inspects what follows the record that `header` begins. This is only for lengths that were checked, because the
    /// whole body has to be in memory.
    pub(super) fn of<R: Read>(stream: &mut Stream<R>, header: Header) -> Self {
        let total = header.total();
        match stream.peek(total.saturating_add(HEADER)).get(total..) {
            None => Self::Cut,
            Some([]) => Self::End,
            Some(rest) => Header::parse(rest).map_or(Self::Stub, Self::Header),
        }
    }

    /// Whether it confirms the length that led to it.
    pub(super) fn is_plausible(&self) -> bool {
        match self {
            Self::End => true,
            Self::Header(next) => next.check().is_ok(),
            Self::Cut | Self::Stub => false,
        }
    }
}

/// The time of the surrounding records.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// Confirmed by two records that agree.
    trusted: Option<u32>,
    /// The time of the last record, which disagrees with `trusted`: it may be damaged, or begin an appended file.
    pending: Option<u32>,
}

impl Clock {
    pub(super) fn observe(&mut self, seconds: u32) {
        let near_any = [self.trusted, self.pending].iter().flatten().any(|&known| near(known, seconds));
        if near_any {
            (self.trusted, self.pending) = (Some(seconds), None);
        } else {
            self.pending = Some(seconds);
        }
    }

    /// Whether a record with that time fits. Every time fits until one is confirmed.
    fn allows(&self, seconds: u32) -> bool {
        self.trusted.is_none_or(|known| near(known, seconds)) || self.pending.is_some_and(|known| near(known, seconds))
    }
}

fn near(one: u32, other: u32) -> bool {
    one.abs_diff(other) <= WINDOW
}

/// Skips at least one byte, up to the next header that can be trusted, to `limit` bytes from here, or to the end.
/// Returns the number of bytes.
pub(super) fn skip_to_record<R: Read>(
    stream: &mut Stream<R>,
    decoder: &mut Decoder,
    clock: &Clock,
    limit: usize,
) -> u64 {
    let limit = limit as u64;
    let mut skipped = stream.consume(1);
    let mut tried = 0;
    while skipped < limit {
        let window = stream.peek(LOOK);
        let Some(last) = window.len().checked_sub(HEADER) else {
            let rest = window.len();
            return skipped + stream.consume(rest);
        };
        let candidate =
            (0..=last).find_map(|at| Some((at, Header::parse(&window[at..]).filter(|h| h.is_candidate())?)));
        let left = usize::try_from(limit - skipped).unwrap_or(usize::MAX);
        let Some((at, header)) = candidate else {
            skipped += stream.consume(left.min(last + 1));
            continue;
        };
        skipped += stream.consume(left.min(at));
        if left <= at {
            break;
        }
        let allowance = TRIALS.saturating_add(skipped.saturating_mul(TRIALS_PER_BYTE));
        let mut trial = |stream: &mut Stream<R>| {
            let cost = u64::from(header.length);
            if tried + cost > allowance {
                return false;
            }
            tried += cost;
            decoder.decode(header, body(stream, header), 0).is_ok()
        };
        let believed = match Follower::of(stream, header) {
            Follower::Cut => false,
            // two neighbours that agree outweigh the clock: a file may have been appended to another
            Follower::Header(next) if next.is_candidate() && near(next.seconds, header.seconds) => true,
            _ if !clock.allows(header.seconds) => false,
            Follower::End => true,
            Follower::Header(next) => next.check().is_ok() || trial(stream),
            Follower::Stub => trial(stream),
        };
        if believed {
            return skipped;
        }
        skipped += stream.consume(1);
    }
    skipped
}

/// The body that follows `header`, which begins the stream's window.
pub(super) fn body<R: Read>(stream: &mut Stream<R>, header: Header) -> &[u8] {
    stream.peek(header.total()).get(HEADER..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{keepalive, keepalive_at};
    use super::*;

    fn skip(bytes: &[u8], clock: &Clock) -> u64 {
        let mut stream = Stream::new(bytes).unwrap();
        skip_to_record(&mut stream, &mut Decoder::new(), clock, usize::MAX)
    }

    #[test]
    fn the_clock_takes_two_to_agree() {
        let mut clock = Clock::default();
        assert!(clock.allows(1));
        clock.observe(7); // damaged, as it turns out
        assert!(clock.allows(1_000_000_000));
        clock.observe(1_000_000_000);
        clock.observe(1_000_000_000 + WINDOW);
        assert!(clock.allows(1_000_000_000 + 2 * WINDOW));
        assert!(!clock.allows(1_000_000_000 + 2 * WINDOW + 1));
        assert!(!clock.allows(7));
        clock.observe(1_500_000_000); // an appended file
        assert!(clock.allows(1_500_000_001) && clock.allows(1_000_000_000));
        clock.observe(1_500_000_001);
        assert!(!clock.allows(1_000_000_000));
    }

    #[test]
    fn finds_a_record_by_what_follows_it() {
        let garbage = [0xa5; 100_000];
        let clock = Clock::default();
        // another header, the end, a damaged header behind a body that decodes
        for tail in [keepalive(), Vec::new(), vec![0xff; 12], vec![0xff; 3]] {
            let bytes = [&garbage[..], &keepalive(), &tail].concat();
            assert_eq!(skip(&bytes, &clock), 100_000);
        }
        assert_eq!(skip(&garbage, &clock), 100_000);
        assert_eq!(skip(&[], &clock), 0);
    }

    #[test]
    fn another_time_needs_two_that_agree() {
        let mut clock = Clock::default();
        clock.observe(1_000_000_000);
        clock.observe(1_000_000_000);
        let far = keepalive_at(1_500_000_000);
        let one = [&[0xa5; 50][..], &far].concat();
        assert_eq!(skip(&one, &clock), one.len() as u64);
        let two = [&one[..], &far].concat();
        assert_eq!(skip(&two, &clock), 50);
    }

    #[test]
    fn bytes_that_look_like_headers_everywhere_are_passed() {
        // each of these repeats promises a body that does not decode, and a neighbour of another year
        let mut bytes = Vec::new();
        for n in 0..20_000_u32 {
            bytes.extend((700_000_000 + n * 90_000).to_be_bytes());
            bytes.extend([0, 16, 0, 4, 0, 0, 0x80, 0]);
        }
        assert_eq!(skip(&bytes, &Clock::default()), bytes.len() as u64);
    }
}

//! Events from whoever they happen to, to whoever reads them; nobody waits for anybody.
//!
//! ```text
//! emit ─▶ queue (lock-free, bounded) ─▶ ring (bounded, behind a lock that only readers take) ─▶ each reader's cursor
//! ```
//!
//! Two lanes, so that a flood from the call path does not push out who attached what: `history` is remembered whether
//! somebody reads or not, `live` only flows while somebody does.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};

use crossbeam_queue::ArrayQueue;
use parking_lot::Mutex;

use super::event::Event;

/// Events that a lane's queue holds between two reads, and that its ring remembers.
const QUEUE: usize = 1024;
const RING: usize = 4096;

/// A host's events.
pub(crate) struct Events {
    history: Lane,
    live: Lane,
    seq: AtomicU64,
    /// Readers of the live lane. Zero: the call path tells nothing.
    listeners: AtomicUsize,
    /// One call in so many is told; 0: none.
    sample: AtomicU32,
    /// What each reader that wants calls asked for.
    samples: Mutex<Vec<u32>>,
}

struct Lane {
    queue: ArrayQueue<Event>,
    /// Events that made room in the queue before anybody read them.
    displaced: AtomicU64,
    ring: Mutex<Ring>,
}

/// What a lane remembers. The event at `events[i]` is number `first + i` of the lane.
struct Ring {
    events: VecDeque<Arc<Event>>,
    first: u64,
}

impl Lane {
    fn new() -> Lane {
        Lane {
            queue: ArrayQueue::new(QUEUE),
            displaced: AtomicU64::new(0),
            ring: Mutex::new(Ring { events: VecDeque::new(), first: 0 }),
        }
    }

    fn push(&self, event: Event) {
        if self.queue.force_push(event).is_some() {
            self.displaced.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Forgets everything.
    fn clear(&self) {
        let mut ring = self.ring.lock();
        self.pump(&mut ring);
        ring.first += ring.events.len() as u64;
        ring.events.clear();
    }

    /// Moves what is queued into the ring.
    fn pump(&self, ring: &mut Ring) {
        // At most what the queue holds, however fast others push.
        for _ in 0..QUEUE {
            let Some(event) = self.queue.pop() else { break };
            if ring.events.len() == RING {
                ring.events.pop_front();
                ring.first += 1;
            }
            ring.events.push_back(Arc::new(event));
        }
    }
}

impl Events {
    pub fn new() -> Events {
        Events {
            history: Lane::new(),
            live: Lane::new(),
            seq: AtomicU64::new(0),
            listeners: AtomicUsize::new(0),
            sample: AtomicU32::new(0),
            samples: Mutex::new(Vec::new()),
        }
    }

    /// Takes an event. Never waits; of too many, the oldest are lost. Fit for the call path.
    pub fn emit(&self, mut event: Event) {
        let live = event.kind.is_live();
        if live && !self.is_listened_to() {
            return;
        }
        event.seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
        if live { self.live.push(event) } else { self.history.push(event) }
    }

    /// Whether anybody reads what the call path tells.
    #[inline]
    pub fn is_listened_to(&self) -> bool {
        self.listeners.load(Ordering::Relaxed) != 0
    }

    /// One call in so many is to be told; 0: none.
    #[inline]
    pub fn sample(&self) -> u32 {
        self.sample.load(Ordering::Relaxed)
    }

    /// A reader of what the call path tells from now on, if `live`, and of the history after event `since`.
    /// With `sample`, one call in so many is told as long as the reader lives.
    pub fn reader(self: &Arc<Self>, live: bool, since: Option<u64>, sample: Option<u32>) -> EventReader {
        let history = since.map(|since| {
            let mut ring = self.history.ring.lock();
            self.history.pump(&mut ring);
            let skipped = ring.events.iter().take_while(|event| event.seq <= since).count() as u64;
            Cursor { next: ring.first + skipped, displaced: self.history.displaced.load(Ordering::Relaxed) }
        });
        let live = live.then(|| {
            self.listeners.fetch_add(1, Ordering::Relaxed);
            let mut ring = self.live.ring.lock();
            self.live.pump(&mut ring);
            Cursor {
                next: ring.first + ring.events.len() as u64,
                displaced: self.live.displaced.load(Ordering::Relaxed),
            }
        });
        let sample = sample.map(|one_in| one_in.max(1));
        if let Some(one_in) = sample {
            self.change_samples(|samples| samples.push(one_in));
        }
        EventReader { events: Arc::clone(self), history, live, sample }
    }

    fn change_samples(&self, change: impl FnOnce(&mut Vec<u32>)) {
        let mut samples = self.samples.lock();
        change(&mut samples);
        // Who wants the most decides; the others get more than they asked for.
        self.sample.store(samples.iter().copied().min().unwrap_or(0), Ordering::Relaxed);
    }
}

/// Where a reader is in a lane.
struct Cursor {
    next: u64,
    displaced: u64,
}

impl Cursor {
    /// Takes what there is, up to `most` in all; says how many events are lost.
    fn read(&mut self, lane: &Lane, most: usize, into: &mut Vec<Arc<Event>>) -> u64 {
        let mut ring = lane.ring.lock();
        lane.pump(&mut ring);
        let displaced = lane.displaced.load(Ordering::Relaxed);
        let mut lost = displaced.wrapping_sub(self.displaced);
        self.displaced = displaced;
        if self.next < ring.first {
            lost += ring.first - self.next;
            self.next = ring.first;
        }
        // No further from the front than the ring is long.
        let skip = (self.next - ring.first) as usize;
        let before = into.len();
        into.extend(ring.events.iter().skip(skip).take(most.saturating_sub(before)).cloned());
        self.next += (into.len() - before) as u64;
        lost
    }
}

/// Reads a host's events. Costs nobody anything but itself: a reader that is too slow loses events.
pub struct EventReader {
    events: Arc<Events>,
    history: Option<Cursor>,
    live: Option<Cursor>,
    sample: Option<u32>,
}

impl EventReader {
    /// Appends what happened since the last read, at most until `into` holds `most`; says how many events were lost
    /// because the reader was too slow. Never waits.
    pub fn read(&mut self, most: usize, into: &mut Vec<Arc<Event>>) -> u64 {
        let from = into.len();
        let mut lost = 0;
        if let Some(cursor) = &mut self.history {
            lost += cursor.read(&self.events.history, most, into);
        }
        if let Some(cursor) = &mut self.live {
            lost += cursor.read(&self.events.live, most, into);
        }
        into[from..].sort_by_key(|event| event.seq);
        lost
    }
}

impl Drop for EventReader {
    fn drop(&mut self) {
        if self.live.is_some() && self.events.listeners.fetch_sub(1, Ordering::Relaxed) == 1 {
            // Nobody is left to read them.
            self.events.live.clear();
        }
        if let Some(sample) = self.sample {
            self.events.change_samples(|samples| {
                if let Some(at) = samples.iter().position(|one_in| *one_in == sample) {
                    samples.swap_remove(at);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use tenterhook_policies::DenialCause;

    use super::super::event::EventKind;
    use super::*;

    fn detached() -> Event {
        Event::new(EventKind::Detached)
    }

    fn denied() -> Event {
        Event::new(EventKind::Denied { cause: DenialCause::Busy, suppressed: 0 })
    }

    fn read(reader: &mut EventReader, most: usize) -> (Vec<u64>, u64) {
        let mut events = Vec::new();
        let lost = reader.read(most, &mut events);
        (events.iter().map(|event| event.seq).collect(), lost)
    }

    #[test]
    fn history_is_remembered_and_live_events_only_flow_while_read() {
        let events = Arc::new(Events::new());
        events.emit(detached());
        events.emit(denied());
        events.emit(detached());
        let mut all = events.reader(true, Some(0), None);
        assert_eq!(read(&mut all, 10), (vec![1, 2], 0), "nobody listened to the denial");
        events.emit(denied());
        events.emit(detached());
        assert_eq!(read(&mut all, 10), (vec![3, 4], 0));
        let mut later = events.reader(false, Some(2), None);
        assert_eq!(read(&mut later, 10), (vec![4], 0));
        drop(all);
        assert!(!events.is_listened_to());
    }

    #[test]
    fn what_is_lost_is_counted_to_the_event() {
        let events = Arc::new(Events::new());
        let mut reader = events.reader(true, None, None);
        // The queue holds 1,024; the first 76 make room.
        for _ in 0..1100 {
            events.emit(denied());
        }
        let (got, lost) = read(&mut reader, usize::MAX);
        assert_eq!((got.len(), lost), (1024, 76));
        assert_eq!(got.first(), Some(&77));
        // Read by another one, the ring fills; this one was away.
        let mut other = events.reader(true, None, None);
        for _ in 0..10 {
            for _ in 0..1000 {
                events.emit(denied());
            }
            assert_eq!(read(&mut other, usize::MAX).0.len(), 1000);
        }
        let (got, lost) = read(&mut reader, usize::MAX);
        assert_eq!((got.len() as u64, lost), (4096, 10_000 - 4096));
    }

    #[test]
    fn reading_stops_where_it_is_told_and_goes_on_from_there() {
        let events = Arc::new(Events::new());
        let mut reader = events.reader(false, Some(0), None);
        for _ in 0..5 {
            events.emit(detached());
        }
        assert_eq!(read(&mut reader, 3), (vec![1, 2, 3], 0));
        assert_eq!(read(&mut reader, 3), (vec![4, 5], 0));
    }

    #[test]
    fn the_reader_that_wants_most_calls_decides() {
        let events = Arc::new(Events::new());
        assert_eq!(events.sample(), 0);
        let few = events.reader(true, None, Some(1000));
        let many = events.reader(true, None, Some(10));
        assert_eq!(events.sample(), 10);
        drop(many);
        assert_eq!(events.sample(), 1000);
        drop(few);
        assert_eq!(events.sample(), 0);
    }
}

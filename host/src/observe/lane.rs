//! A lane of events: emitting never waits, and each reader keeps a cursor of its own.
//!
//! ```text
//! push ─▶ queue (lock-free, bounded) ─▶ ring (bounded, behind a lock that only readers take) ─▶ each reader's cursor
//! ```
//!
//! A reader gets each event once, or counts it as lost.

use std::collections::VecDeque;
use std::sync::Arc;

use super::event::Event;
use crate::atomic::{ArrayQueue, AtomicU64, Mutex, Ordering};

pub(super) struct Lane {
    queue: ArrayQueue<Event>,
    /// Events that were pushed out of the queue before they were read.
    displaced: AtomicU64,
    ring: Mutex<Ring>,
    /// The number of events that the ring remembers.
    remembered: usize,
}

/// The events that a lane remembers. `events[i]` is number `first + i` of the lane.
struct Ring {
    events: VecDeque<Arc<Event>>,
    first: u64,
}

impl Lane {
    /// Makes a lane; its queue holds `queued` events between two reads, and its ring remembers `remembered` events.
    pub fn new(queued: usize, remembered: usize) -> Lane {
        Lane {
            queue: ArrayQueue::new(queued),
            displaced: AtomicU64::new(0),
            ring: Mutex::new(Ring { events: VecDeque::new(), first: 0 }),
            remembered,
        }
    }

    pub fn push(&self, event: Event) {
        if self.queue.force_push(event).is_some() {
            self.displaced.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Forgets all events.
    pub fn clear(&self) {
        let mut ring = self.ring.lock();
        self.pump(&mut ring);
        ring.first += ring.events.len() as u64;
        ring.events.clear();
    }

    /// A cursor behind everything up to event `since`.
    pub fn after(&self, since: u64) -> Cursor {
        let mut ring = self.ring.lock();
        self.pump(&mut ring);
        let skipped = ring.events.iter().take_while(|event| event.seq <= since).count() as u64;
        Cursor { next: ring.first + skipped, displaced: self.displaced.load(Ordering::Relaxed) }
    }

    /// A cursor at the end.
    pub fn end(&self) -> Cursor {
        self.after(u64::MAX)
    }

    /// Moves what is queued into the ring.
    fn pump(&self, ring: &mut Ring) {
        // This moves at most what the queue holds, however fast others push.
        for _ in 0..self.queue.capacity() {
            let Some(event) = self.queue.pop() else { break };
            if ring.events.len() == self.remembered {
                ring.events.pop_front();
                ring.first += 1;
            }
            ring.events.push_back(Arc::new(event));
        }
    }
}

/// The position of a reader in a lane.
pub(super) struct Cursor {
    next: u64,
    displaced: u64,
}

impl Cursor {
    /// Takes events, up to `most` in total; returns how many are lost.
    pub fn read(&mut self, lane: &Lane, most: usize, into: &mut Vec<Arc<Event>>) -> u64 {
        let mut ring = lane.ring.lock();
        lane.pump(&mut ring);
        let displaced = lane.displaced.load(Ordering::Relaxed);
        let mut lost = displaced.wrapping_sub(self.displaced);
        self.displaced = displaced;
        if self.next < ring.first {
            lost += ring.first - self.next;
            self.next = ring.first;
        }
        // This is no further from the front than the ring is long.
        let skip = (self.next - ring.first) as usize;
        let before = into.len();
        into.extend(ring.events.iter().skip(skip).take(most.saturating_sub(before)).cloned());
        self.next += (into.len() - before) as u64;
        lost
    }

    /// Hands back the last events of a read: the next read returns them again.
    pub fn hand_back(&mut self, events: usize) {
        self.next -= events as u64;
    }
}

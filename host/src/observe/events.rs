//! Events, from their sources to their readers, without waiting on either side.
//!
//! ```text
//! emit ─▶ Lane (lane.rs) ─▶ each reader's cursor
//! ```
//!
//! There are three lanes, so that no flood pushes out the history of changes: `changes` and `incidents` (rejected
//! requests, entering and leaving quarantine) are remembered separately, whether there is a reader or not; `live`, from
//! the call path, only flows while there is one.
//!
//! Only sampled calls that a reader requested and is authorised to see are reported, and no more than 1,000 a second.
//! Each reader has an equal share of those, so a reader of a busy attachment takes nothing from a reader of a quiet
//! one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::event::{Event, LaneKind, Subject};
use super::lane::{Cursor, Lane};
use crate::rate::{Bucket, Monotonic};

/// The number of events that a lane's queue holds between two reads, and that its ring remembers.
const QUEUE: usize = 1024;
const RING: usize = 4096;
/// The sampled calls that are reported in a second, over all readers.
const CALLS: u64 = 1000;

/// The calls that a reader requests: a fraction of those that fit.
#[derive(Clone)]
pub struct Sample {
    /// One call in this many, at least 1.
    pub one_in: u32,
    /// Whether calls of that attachment are requested. It runs on the call path, so it has to be quick.
    pub fits: Arc<dyn Fn(&Subject) -> bool + Send + Sync>,
}

/// The calls that a reader requests, and its share of those that are reported.
#[derive(Clone)]
struct Wish {
    sample: Sample,
    share: Arc<Bucket>,
}

/// A host's events.
pub(crate) struct Events {
    changes: Lane,
    incidents: Lane,
    live: Lane,
    seq: AtomicU64,
    /// Readers of the live lane. At zero, the call path reports nothing.
    listeners: AtomicUsize,
    /// Whether any reader requests calls.
    is_sampling: AtomicBool,
    /// What each reader of calls requested. It is changed under the lock, and read without.
    wishes: ArcSwap<Vec<Wish>>,
    changing: Mutex<()>,
    clock: Monotonic,
    /// Events that readers lost because they were too slow, counted per reader.
    lost: AtomicU64,
}

impl Events {
    pub fn new() -> Events {
        Events {
            changes: Lane::new(QUEUE, RING),
            incidents: Lane::new(QUEUE, RING),
            live: Lane::new(QUEUE, RING),
            seq: AtomicU64::new(0),
            listeners: AtomicUsize::new(0),
            is_sampling: AtomicBool::new(false),
            wishes: ArcSwap::from_pointee(Vec::new()),
            changing: Mutex::new(()),
            clock: Monotonic::new(),
            lost: AtomicU64::new(0),
        }
    }

    /// Events that readers lost so far because they were too slow.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Queues an event. It never waits; if there are too many, the oldest are lost. Fit for the call path.
    pub fn emit(&self, mut event: Event) {
        let lane = match event.kind.lane() {
            LaneKind::Live if !self.is_listened_to() => return,
            LaneKind::Live => &self.live,
            LaneKind::Changes => &self.changes,
            LaneKind::Incidents => &self.incidents,
        };
        event.seq = self.seq.fetch_add(1, Ordering::Relaxed) + 1;
        lane.push(event);
    }

    /// Whether there is a reader of what the call path reports.
    #[inline]
    pub fn is_listened_to(&self) -> bool {
        self.listeners.load(Ordering::Relaxed) != 0
    }

    /// Whether any reader requests calls: one load, on every call.
    #[inline]
    pub fn is_sampling(&self) -> bool {
        self.is_sampling.load(Ordering::Relaxed)
    }

    /// Whether a call of that attachment is reported: the fraction that its readers requested, within their shares.
    /// `number` counts the thread's calls of which any are requested. All authorised readers see a reported call, so a
    /// reader gets more than it requested if another one requested more.
    pub fn is_drawn(&self, of: &Subject, number: impl FnOnce() -> u32) -> bool {
        let wishes = self.wishes.load();
        let mut fitting = wishes.iter().filter(|wish| (wish.sample.fits)(of)).peekable();
        if fitting.peek().is_none() {
            return false;
        }
        let number = number();
        let drawn = fitting.filter(|wish| number.is_multiple_of(wish.sample.one_in));
        // Every reader that drew the call pays for it.
        drawn.filter(|wish| wish.share.take_one(&self.clock)).count() > 0
    }

    /// A reader of what the call path reports from now on, if `live`, and of the history after event `since`. With
    /// `sample`, calls that fit it are reported as long as the reader lives.
    pub fn reader(self: &Arc<Self>, live: bool, since: Option<u64>, sample: Option<Sample>) -> EventReader {
        let history = since.map(|since| [self.changes.after(since), self.incidents.after(since)]);
        let live = live.then(|| {
            self.listeners.fetch_add(1, Ordering::Relaxed);
            self.live.end()
        });
        let sample = sample.map(|sample| Sample { one_in: sample.one_in.max(1), ..sample });
        if let Some(sample) = &sample {
            let share = Arc::new(Bucket::new(CALLS, CALLS, &self.clock));
            self.change_wishes(|wishes| wishes.push(Wish { sample: sample.clone(), share }));
        }
        EventReader { events: Arc::clone(self), history, live, sample }
    }

    fn change_wishes(&self, change: impl FnOnce(&mut Vec<Wish>)) {
        let _changing = self.changing.lock();
        let mut wishes = Vec::clone(&self.wishes.load());
        change(&mut wishes);
        let share = CALLS.checked_div(wishes.len() as u64).unwrap_or(CALLS).max(1);
        for wish in &wishes {
            wish.share.set(share, share, &self.clock);
        }
        self.is_sampling.store(!wishes.is_empty(), Ordering::Relaxed);
        self.wishes.store(Arc::new(wishes));
    }
}

/// Reads a host's events. A slow reader costs only itself: it loses events.
pub struct EventReader {
    events: Arc<Events>,
    /// The cursors of changes and of incidents.
    history: Option<[Cursor; 2]>,
    live: Option<Cursor>,
    sample: Option<Sample>,
}

impl EventReader {
    /// Appends what happened since the last read, until `into` holds at most `most`; returns how many events were lost
    /// because the reader was too slow. It never waits.
    pub fn read(&mut self, most: usize, into: &mut Vec<Arc<Event>>) -> u64 {
        let room = most.saturating_sub(into.len());
        let Events { changes, incidents, live, seq, .. } = &*self.events;
        // Newer events wait for the next read: while one lane is read, events may be added to one that was read before.
        let newest = seq.load(Ordering::Relaxed);
        let history = self.history.iter_mut().flatten().zip([changes, incidents]);
        let mut lost = 0;
        let mut lanes = Vec::with_capacity(3);
        for (cursor, lane) in history.chain(self.live.as_mut().map(|cursor| (cursor, live))) {
            let mut events = Vec::new();
            lost += cursor.read(lane, room, &mut events);
            lanes.push((cursor, events));
        }
        // Events are ordered over all lanes, and none is skipped: those without room are handed back.
        let mut all: Vec<u64> = lanes.iter().flat_map(|(_, events)| events.iter().map(|event| event.seq)).collect();
        all.sort_unstable();
        let end = all.get(room).map_or(newest, |first_left| newest.min(first_left - 1));
        let from = into.len();
        for (cursor, mut events) in lanes {
            let taken = events.iter().take_while(|event| event.seq <= end).count();
            cursor.hand_back(events.len() - taken);
            events.truncate(taken);
            into.append(&mut events);
        }
        into[from..].sort_by_key(|event| event.seq);
        self.events.lost.fetch_add(lost, Ordering::Relaxed);
        lost
    }
}

impl Drop for EventReader {
    fn drop(&mut self) {
        if self.live.is_some() && self.events.listeners.fetch_sub(1, Ordering::Relaxed) == 1 {
            // The last reader is gone.
            self.events.live.clear();
        }
        if let Some(sample) = &self.sample {
            let own = |other: &Wish| Arc::ptr_eq(&other.sample.fits, &sample.fits);
            self.events.change_wishes(|wishes| wishes.retain(|other| !own(other)));
        }
    }
}

#[cfg(test)]
mod tests;

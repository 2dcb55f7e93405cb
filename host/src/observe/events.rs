//! Events from whoever they happen to, to whoever reads them; nobody waits for anybody.
//!
//! ```text
//! emit ─▶ Lane (lane.rs) ─▶ each reader's cursor
//! ```
//!
//! Three lanes, so that no flood pushes out who attached what: `changes` and `incidents` (who was refused, what went into
//! quarantine and out of it) are remembered each by itself, whether somebody reads or not; `live`, from the call path, only
//! flows while somebody does.
//!
//! Sampled calls are told of what their readers asked for and may see, and of no more than 1,000 a second. Each reader has
//! an equal share of those: whoever watches a busy attachment takes nothing from who watches a quiet one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use arc_swap::ArcSwap;
use parking_lot::Mutex;

use super::event::{Event, LaneKind, Subject};
use super::lane::{Cursor, Lane};
use crate::rate::{Bucket, Monotonic};

/// Events that a lane's queue holds between two reads, and that its ring remembers.
const QUEUE: usize = 1024;
const RING: usize = 4096;
/// Sampled calls that are told in a second, over all readers.
const CALLS: u64 = 1000;

/// Which calls a reader wants to be told of: one in so many of those that fit.
#[derive(Clone)]
pub struct Sample {
    /// One call in so many, at least 1.
    pub one_in: u32,
    /// Whether calls of that attachment are wanted. The call path asks: it has to be quick.
    pub fits: Arc<dyn Fn(&Subject) -> bool + Send + Sync>,
}

/// What a reader wants of calls, and its share of those that are told.
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
    /// Readers of the live lane. Zero: the call path tells nothing.
    listeners: AtomicUsize,
    /// Whether anybody wants to be told of calls.
    is_sampling: AtomicBool,
    /// What each reader that wants calls asked for. Changed under the lock, read without.
    wishes: ArcSwap<Vec<Wish>>,
    changing: Mutex<()>,
    clock: Monotonic,
    /// Events that readers were too slow for, each reader's counted.
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

    /// Events that readers were too slow for so far.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Takes an event. Never waits; of too many, the oldest are lost. Fit for the call path.
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

    /// Whether anybody reads what the call path tells.
    #[inline]
    pub fn is_listened_to(&self) -> bool {
        self.listeners.load(Ordering::Relaxed) != 0
    }

    /// Whether anybody wants to be told of calls: one load, on every call.
    #[inline]
    pub fn is_sampling(&self) -> bool {
        self.is_sampling.load(Ordering::Relaxed)
    }

    /// Whether a call of that attachment is to be told: one in so many, as its readers asked for, within their shares.
    /// `number` counts the thread's calls that anybody wants any of. Whoever may see it sees it, so that a reader gets
    /// more than it asked for where another one asked for more.
    pub fn is_drawn(&self, of: &Subject, number: impl FnOnce() -> u32) -> bool {
        let wishes = self.wishes.load();
        let mut fitting = wishes.iter().filter(|wish| (wish.sample.fits)(of)).peekable();
        if fitting.peek().is_none() {
            return false;
        }
        let number = number();
        let drawn = fitting.filter(|wish| number.is_multiple_of(wish.sample.one_in));
        // Everybody who drew it pays for it.
        drawn.filter(|wish| wish.share.take_one(&self.clock)).count() > 0
    }

    /// A reader of what the call path tells from now on, if `live`, and of the history after event `since`.
    /// With `sample`, calls that fit it are told as long as the reader lives.
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

/// Reads a host's events. Costs nobody anything but itself: a reader that is too slow loses events.
pub struct EventReader {
    events: Arc<Events>,
    /// Of changes and of incidents.
    history: Option<[Cursor; 2]>,
    live: Option<Cursor>,
    sample: Option<Sample>,
}

impl EventReader {
    /// Appends what happened since the last read, at most until `into` holds `most`; says how many events were lost
    /// because the reader was too slow. Never waits.
    pub fn read(&mut self, most: usize, into: &mut Vec<Arc<Event>>) -> u64 {
        let room = most.saturating_sub(into.len());
        let Events { changes, incidents, live, seq, .. } = &*self.events;
        // What is newer waits for the next read: while one lane is read something may happen in one that was read before.
        let newest = seq.load(Ordering::Relaxed);
        let history = self.history.iter_mut().flatten().zip([changes, incidents]);
        let mut lost = 0;
        let mut lanes = Vec::with_capacity(3);
        for (cursor, lane) in history.chain(self.live.as_mut().map(|cursor| (cursor, live))) {
            let mut events = Vec::new();
            lost += cursor.read(lane, room, &mut events);
            lanes.push((cursor, events));
        }
        // In order over all lanes, and none passed over: what there is no room for is handed back.
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
            // Nobody is left to read them.
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

//! Lanes of events: a reader gets each event once or counts it as lost, whoever else pushes and reads.

use loom::sync::Arc;
use loom::thread;

use super::event::Event;
use super::lane::{Cursor, Lane};

/// What a reader has: the events' numbers, and how many it lost.
struct Reader {
    cursor: Cursor,
    seen: Vec<u64>,
    lost: u64,
}

impl Reader {
    fn of(lane: &Lane) -> Reader {
        Reader { cursor: lane.end(), seen: Vec::new(), lost: 0 }
    }

    fn read(&mut self, lane: &Lane) {
        let mut events = Vec::new();
        self.lost += self.cursor.read(lane, usize::MAX, &mut events);
        self.seen.extend(events.iter().map(|event| event.seq));
    }

    /// Nothing twice; with what was lost, everything that was pushed.
    fn has_all(&self, pushed: u64) {
        let mut once = self.seen.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), self.seen.len(), "one of {:?} came twice", self.seen);
        assert_eq!(once.len() as u64 + self.lost, pushed, "{:?} and {} lost", self.seen, self.lost);
    }
}

fn push(lane: Arc<Lane>, events: impl IntoIterator<Item = u64>) {
    events.into_iter().for_each(|seq| lane.push(Event { seq }));
}

/// Two threads push more than the queue holds while one reads.
pub fn what_makes_room_is_counted() {
    loom::model(|| {
        let lane = Arc::new(Lane::new(1, 4));
        let mut reader = Reader::of(&lane);
        let pushed = lane.clone();
        let pusher = thread::spawn(move || push(pushed, [1, 2]));
        push(lane.clone(), [3]);
        reader.read(&lane);
        pusher.join().expect("no panic");
        reader.read(&lane);
        reader.has_all(3);
    });
}

/// The threads that push displace each other's events at once.
pub fn no_displaced_event_goes_uncounted() {
    loom::model(|| {
        let lane = Arc::new(Lane::new(1, 4));
        let mut reader = Reader::of(&lane);
        let pushed = lane.clone();
        let pusher = thread::spawn(move || push(pushed, [1, 2]));
        push(lane.clone(), [3, 4]);
        pusher.join().expect("no panic");
        reader.read(&lane);
        reader.has_all(4);
        assert_eq!(reader.lost, 3);
    });
}

/// Two readers of one ring, which forgets: what one moves into it the other still gets, or counts as lost.
pub fn a_reader_takes_nothing_from_another() {
    loom::model(|| {
        let lane = Arc::new(Lane::new(2, 1));
        let (mut one, mut other) = (Reader::of(&lane), Reader::of(&lane));
        let read = lane.clone();
        let reading = thread::spawn(move || {
            other.read(&read);
            other
        });
        push(lane.clone(), [1, 2]);
        one.read(&lane);
        let mut other = reading.join().expect("no panic");
        one.read(&lane);
        other.read(&lane);
        one.has_all(2);
        other.has_all(2);
    });
}

//! Limited resources, shared so that no user takes them all.
//!
//! Root and the program's user, if they are authorised for everything, are bound only by the total; other users share
//! what is not reserved for those, and each has a maximum of its own.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Threads that handle requests.
pub(super) const WORKERS: usize = 8;
/// The most bytes of a body, except for `apply`.
pub(super) const MAX_BODY: usize = 4 << 20;
/// The most bytes of a body of `apply`, which carries whole folders.
pub(super) const MAX_APPLY: usize = 64 << 20;

/// The user who takes a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Taker {
    pub uid: u32,
    pub may_do_all: bool,
}

/// The bounds of a resource.
#[derive(Debug)]
pub(super) struct Bounds {
    pub all: usize,
    /// The part of the total that is reserved for users who are authorised for everything.
    pub kept: usize,
    /// The maximum for each other user.
    pub each: usize,
}

pub(super) const CONNECTIONS: Bounds = Bounds { all: 64, kept: 8, each: 16 };
pub(super) const STREAMS: Bounds = Bounds { all: 16, kept: 4, each: 4 };
/// Bytes of bodies, both arriving ones and those of requests being handled.
pub(super) const BODIES: Bounds = Bounds { all: 4 * MAX_APPLY, kept: MAX_APPLY, each: MAX_APPLY };
/// Loads of scripts, both running and waiting.
pub(super) const LOADS: Bounds = Bounds { all: 6, kept: 2, each: 2 };

/// The threads that users without all rights can have at once, together and each.
const WORKING: usize = WORKERS - 2;
const WORKING_EACH: usize = WORKERS / 2 - 1;

/// The amounts taken.
#[derive(Debug)]
pub(super) struct Limit {
    bounds: Bounds,
    taken: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    /// Taken by users who are not authorised for everything.
    others: usize,
    each: HashMap<u32, usize>,
}

/// An amount that is held until it is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    limit: Arc<Limit>,
    by: Taker,
    count: usize,
}

impl Limit {
    pub fn new(bounds: Bounds) -> Arc<Limit> {
        Arc::new(Limit { bounds, taken: Mutex::new(Counts::default()) })
    }

    /// Takes nothing yet.
    pub fn none(self: &Arc<Limit>, by: Taker) -> Taken {
        Taken { limit: Arc::clone(self), by, count: 0 }
    }

    /// Takes one, if one is left.
    pub fn one(self: &Arc<Limit>, by: Taker) -> Option<Taken> {
        let mut taken = self.none(by);
        taken.more(1).then_some(taken)
    }
}

impl Taken {
    /// Takes this many more if they are left, otherwise none; returns whether it did.
    pub fn more(&mut self, more: usize) -> bool {
        let bounds = &self.limit.bounds;
        let mut counts = self.limit.taken.lock();
        let fits = |has: usize, most: usize| has.checked_add(more).is_some_and(|count| count <= most);
        let own = counts.each.get(&self.by.uid).copied().unwrap_or(0);
        let others = fits(counts.others, bounds.all - bounds.kept) && fits(own, bounds.each);
        if !fits(counts.all, bounds.all) || !(self.by.may_do_all || others) {
            return false;
        }
        counts.all += more;
        if !self.by.may_do_all {
            counts.others += more;
            counts.each.insert(self.by.uid, own + more);
        }
        self.count += more;
        true
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut counts = self.limit.taken.lock();
        counts.all -= self.count;
        if self.by.may_do_all {
            return;
        }
        counts.others -= self.count;
        if let Some(own) = counts.each.get_mut(&self.by.uid) {
            *own -= self.count;
            if *own == 0 {
                counts.each.remove(&self.by.uid);
            }
        }
    }
}

/// Turns at the threads that handle requests: a user without all rights waits while too many requests of such users are
/// handled.
pub(super) struct Turns {
    others: Arc<Semaphore>,
    each: Mutex<HashMap<u32, Arc<Semaphore>>>,
}

/// A turn, until it is dropped; for a user with all rights nothing is counted.
pub(super) struct Turn {
    _of: Option<[OwnedSemaphorePermit; 2]>,
}

impl Turns {
    pub fn new() -> Turns {
        Turns { others: Arc::new(Semaphore::new(WORKING)), each: Mutex::new(HashMap::new()) }
    }

    pub async fn next(&self, by: Taker) -> Turn {
        if by.may_do_all {
            return Turn { _of: None };
        }
        let own = {
            let mut each = self.each.lock();
            // Users who neither work nor wait are removed.
            each.retain(|uid, own| *uid == by.uid || Arc::strong_count(own) > 1);
            Arc::clone(each.entry(by.uid).or_insert_with(|| Arc::new(Semaphore::new(WORKING_EACH))))
        };
        // A user's own turn comes first: waiting for it takes nothing from the others. Neither semaphore is ever
        // closed.
        let own = own.acquire_owned().await;
        let others = Arc::clone(&self.others).acquire_owned().await;
        Turn { _of: own.ok().zip(others.ok()).map(|(own, others)| [own, others]) }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const ROOT: Taker = Taker { uid: 0, may_do_all: true };

    fn user(uid: u32) -> Taker {
        Taker { uid, may_do_all: false }
    }

    /// The number that a taker gets out of a thousand attempts.
    fn got(limit: &Arc<Limit>, by: Taker) -> Vec<Taken> {
        std::iter::from_fn(|| limit.one(by)).take(1000).collect()
    }

    #[test]
    fn each_user_gets_its_own_most_and_all_of_them_leave_what_is_kept() {
        for (bounds, users) in [(CONNECTIONS, [16, 16, 16, 8, 0]), (STREAMS, [4, 4, 4, 0, 0]), (LOADS, [2, 2, 0, 0, 0])]
        {
            let (all, kept) = (bounds.all, bounds.kept);
            let limit = Limit::new(bounds);
            let mut taken = Vec::new();
            for (uid, most) in (1000..).zip(users) {
                let own = got(&limit, user(uid));
                assert_eq!(own.len(), most, "{uid}");
                taken.push(own);
            }
            let root = got(&limit, ROOT);
            assert_eq!(root.len(), kept);
            drop(root);
            drop(taken);
            let root = got(&limit, ROOT);
            assert_eq!(root.len(), all, "nobody else wants any");
            assert!(limit.one(user(1000)).is_none());
            drop(root);
            assert_eq!(limit.taken.lock().each.len(), 0, "who has none is forgotten");
        }
    }

    #[test]
    fn bodies_are_bounded_to_the_byte() {
        let limit = Limit::new(BODIES);
        let mut one = limit.none(user(1));
        assert!(one.more(MAX_APPLY - 1) && !one.more(2) && one.more(1) && !one.more(1));
        let (mut two, mut three, mut other) = (limit.none(user(2)), limit.none(user(3)), limit.none(user(4)));
        assert!(two.more(MAX_APPLY) && three.more(MAX_APPLY) && !other.more(1), "the rest is kept");
        let mut root = limit.none(ROOT);
        assert!(!root.more(MAX_APPLY + 1) && !root.more(usize::MAX) && root.more(MAX_APPLY) && !root.more(1));
        drop(one);
        assert!(other.more(MAX_APPLY) && !other.more(1));
    }

    #[test]
    fn who_waits_for_a_turn_keeps_it_from_nobody_else() {
        let turns = Turns::new();
        let mut cx = Context::from_waker(Waker::noop());
        let mut turn_of = |by: Taker| match pin!(turns.next(by)).poll(&mut cx) {
            Poll::Ready(turn) => Some(turn),
            Poll::Pending => None,
        };
        let mut taken = Vec::new();
        for (uid, most) in [(1, WORKING_EACH), (2, WORKING_EACH), (3, WORKING - 2 * WORKING_EACH)] {
            let own: Vec<Turn> = std::iter::from_fn(|| turn_of(user(uid))).take(100).collect();
            assert_eq!(own.len(), most, "{uid}");
            taken.push(own);
        }
        assert!((0..WORKERS).all(|_| turn_of(ROOT).is_some()), "the rest is kept");
        taken.remove(0);
        assert!(turn_of(user(3)).is_some() && turn_of(user(2)).is_none());
        assert!(!turns.each.lock().contains_key(&1), "who neither works nor waits is forgotten");
    }
}

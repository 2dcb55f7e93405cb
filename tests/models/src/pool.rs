//! The pool: a shelf is one thread's at a time, there are never more executors than the bound, and no shelf or room for an
//! executor is lost, whatever a call came to.

use loom::sync::Arc;
use loom::thread;

use crate::executor::{Executor, Living};
use crate::image::{Image, SMALL};
use crate::sandbox::pool::Pool;
use crate::shelf::Bounds;

/// Executors beyond the first of each shelf.
const SPARE: usize = 1;

/// A call of the image's attachment on whatever shelf is free; `None` where none is.
fn call<E>(pool: &Pool, image: u64, make: impl FnOnce() -> Result<Executor, E>) -> Option<Result<(), E>> {
    let image = Image::of(image);
    let (_, mut held) = pool.enter()?;
    let found = match held.find(&image) {
        Some(found) => Ok(found),
        None => held.admit(&image, make),
    };
    Some(found.map(|at| held.at(at).expect("it was just given").call()))
}

/// Makes one, within the bound.
fn within(living: &Living, bound: usize) -> impl FnOnce() -> Result<Executor, ()> + use<> {
    let living = living.clone();
    move || {
        let executor = living.executor();
        assert!(living.count() <= bound, "{} executors, expected at most {bound}", living.count());
        Ok(executor)
    }
}

/// Two shelves with an executor each, which may be one more together.
fn filled(living: &Living) -> Arc<Pool> {
    let pool = Pool::keeping(2, Bounds { executors: 2, large: 0, small: SMALL }, SPARE);
    let (_, mut first) = pool.enter().expect("two are free");
    let (_, mut second) = pool.enter().expect("one is free");
    for (held, image) in [(&mut first, 1), (&mut second, 2)] {
        held.admit(&Image::of(image), within(living, 2)).expect("it is made");
    }
    drop((first, second));
    Arc::new(pool)
}

/// All shelves are free, and there is room for exactly as many executors as before any call.
fn nothing_is_lost(pool: &Pool, living: &Living) {
    let (_, mut first) = pool.enter().expect("a free shelf");
    let (_, second) = pool.enter().expect("a second free shelf");
    assert!(pool.enter().is_none(), "there are two");
    drop(second);
    while pool.give_up_spare() {}
    // The shelf that is held keeps what it has.
    first.admit(&Image::of(101), within(living, 2 + SPARE)).expect("it is made");
    drop(first);
    while pool.give_up_spare() {}
    assert_eq!(living.count(), 2, "one for each shelf is left");
    let (_, mut held) = pool.enter().expect("a free shelf");
    held.admit(&Image::of(102), within(living, 2 + SPARE)).expect("it is made");
    assert_eq!(living.count(), 2 + SPARE, "there was room for one more");
}

/// Two threads and one shelf: its executor is never used by both, and whoever finds it held is told so.
pub fn a_shelf_is_one_threads_at_a_time() {
    loom::model(|| {
        let living = Living::default();
        let pool = Arc::new(Pool::new(1));
        let (others, makes) = (pool.clone(), within(&living, 1));
        let other = thread::spawn(move || call(&others, 1, makes).is_some());
        let own = call(&pool, 1, within(&living, 1)).is_some();
        assert!(other.join().expect("no panic") || own, "one of them found it free");
        assert!(pool.enter().is_some(), "it is free again");
        assert_eq!(living.count(), 1);
    });
}

/// Two threads want an executor more each; there is room for one.
pub fn executors_stay_within_their_bound() {
    loom::model(|| {
        let living = Living::default();
        let pool = filled(&living);
        let (others, makes) = (pool.clone(), within(&living, 2 + SPARE));
        let other = thread::spawn(move || assert_eq!(call(&others, 11, makes), Some(Ok(())), "two shelves"));
        assert_eq!(call(&pool, 12, within(&living, 2 + SPARE)), Some(Ok(())), "two shelves");
        other.join().expect("no panic");
        nothing_is_lost(&pool, &living);
    });
}

/// One of two cannot be made: its room is the next one's.
pub fn room_for_an_executor_that_was_not_made_is_given_back() {
    loom::model(|| {
        let living = Living::default();
        let pool = filled(&living);
        let (others, makes) = (pool.clone(), within(&living, 2 + SPARE));
        let other = thread::spawn(move || call(&others, 11, makes));
        let failed = call(&pool, 12, || Err(()));
        assert_eq!(other.join().expect("no panic"), Some(Ok(())));
        assert!(matches!(failed, Some(Err(()) | Ok(()))), "two shelves");
        nothing_is_lost(&pool, &living);
    });
}

/// An executor is given up for another pool while a call adds one.
pub fn what_is_given_up_makes_room() {
    loom::model(|| {
        let living = Living::default();
        let pool = filled(&living);
        assert_eq!(call(&pool, 11, within(&living, 2 + SPARE)), Some(Ok(())));
        let others = pool.clone();
        let other = thread::spawn(move || others.give_up_spare());
        call(&pool, 12, within(&living, 2 + SPARE));
        other.join().expect("no panic");
        nothing_is_lost(&pool, &living);
    });
}

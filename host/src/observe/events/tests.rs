//! Lanes, lost events, and sampled calls.

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
    // The queue holds 1,024; the first 76 are pushed out.
    for _ in 0..1100 {
        events.emit(denied());
    }
    let (got, lost) = read(&mut reader, usize::MAX);
    assert_eq!((got.len(), lost), (1024, 76));
    assert_eq!(got.first(), Some(&77));
    // Another reader fills the ring while this one does not read.
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
fn lanes_are_read_in_one_order_and_none_is_passed_over() {
    let events = Arc::new(Events::new());
    let mut reader = events.reader(true, Some(0), None);
    let refused = || Event::new(EventKind::Refused { message: "no".into() });
    for number in 0..300 {
        events.emit(if number == 100 { refused() } else { detached() });
        if number % 7 == 0 {
            events.emit(denied());
        }
    }
    let mut all = Vec::new();
    loop {
        let (got, lost) = read(&mut reader, 32);
        assert_eq!(lost, 0);
        if got.is_empty() {
            break;
        }
        all.extend(got);
    }
    assert_eq!(all, (1..=343).collect::<Vec<u64>>());
}

#[test]
fn reading_stops_at_its_bound_and_continues_from_there() {
    let events = Arc::new(Events::new());
    let mut reader = events.reader(false, Some(0), None);
    for _ in 0..5 {
        events.emit(detached());
    }
    assert_eq!(read(&mut reader, 3), (vec![1, 2, 3], 0));
    assert_eq!(read(&mut reader, 3), (vec![4, 5], 0));
}

fn of(tenant: &str) -> Subject {
    Subject { tenant: tenant.into(), attachment: "a".into(), hook: "h".into(), id: None }
}

fn sample(one_in: u32, tenant: Option<&'static str>) -> Option<Sample> {
    let fits = move |of: &Subject| tenant.is_none_or(|tenant| *of.tenant == *tenant);
    Some(Sample { one_in, fits: Arc::new(fits) })
}

#[test]
fn the_reader_that_wants_most_decides_for_what_it_may_see_and_nothing_else() {
    let events = Arc::new(Events::new());
    // Which of a tenant's calls is the first to be reported.
    let one_in = |tenant: &str| (1..=1000).find(|number| events.is_drawn(&of(tenant), || *number));
    assert!(!events.is_sampling());
    let few = events.reader(true, None, sample(1000, None));
    let many = events.reader(true, None, sample(10, Some("acme")));
    assert!(events.is_sampling());
    assert_eq!((one_in("acme"), one_in("globex")), (Some(10), Some(1000)));
    drop(few);
    assert_eq!((one_in("acme"), one_in("globex")), (Some(10), None));
    drop(many);
    assert!(!events.is_sampling());
}

#[test]
fn no_more_than_so_many_calls_are_reported_at_once_over_all_readers() {
    for readers in [1, 2, 16] {
        let events = Arc::new(Events::new());
        let held: Vec<_> = (0..readers).map(|_| events.reader(true, None, sample(1, None))).collect();
        let reported = (0..10 * CALLS).filter(|_| events.is_drawn(&of("acme"), || 1)).count() as u64;
        // The calls of a second, and of the time that this took.
        assert!((CALLS / readers..5 * CALLS).contains(&reported), "{reported}");
        drop(held);
    }
}

#[test]
fn no_reader_takes_what_is_another_ones() {
    let events = Arc::new(Events::new());
    let _busy = events.reader(true, None, sample(1, Some("acme")));
    let _quiet = events.reader(true, None, sample(1, Some("globex")));
    let flood = || (0..10 * CALLS).filter(|_| events.is_drawn(&of("acme"), || 1)).count();
    assert!(flood() > 0);
    for _ in 0..10 {
        assert!(events.is_drawn(&of("globex"), || 1), "its share is its own");
        flood();
    }
}

#[test]
fn incidents_push_out_no_changes() {
    let events = Arc::new(Events::new());
    events.emit(detached());
    for _ in 0..10 * RING {
        events.emit(Event::new(EventKind::Refused { message: "no".into() }));
    }
    let mut reader = events.reader(false, Some(0), None);
    let (got, lost) = read(&mut reader, usize::MAX);
    assert_eq!((got.first(), lost), (Some(&1), 0));
}

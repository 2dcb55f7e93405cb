//! Changes that are prepared, perhaps written down, and committed: what another change in between makes of them.

use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::operate::{Against, Change, ChangeKind, Earlier, Entry, Intent, Loaded};
use tenterhook::policies::Policy;
use tenterhook::{AttachError, AttachmentId, EventKind, Host, Position, Request};

const HOOKS: [&str; 2] = ["test.decide", "test.other"];
const BY: Against<'_> = Against { revision: None, by: Some("uid 7") };

fn host() -> Host {
    let host = Host::builder().policy(policy("")).build().expect("a host");
    for hook in HOOKS {
        let declaration =
            Declaration::builder(hook, 1).result("n", Type::INTEGER, Value::Integer(0), "a number").build();
        host.declare_dynamic(&declaration.expect("a good declaration")).expect("declared once");
    }
    host
}

fn policy(text: &str) -> Policy {
    Policy::parse(text, "p.toml").expect("a good policy")
}

/// A script for either hook point.
const SCRIPT: &str = "function decide() return { n = 1 } end function other() return { n = 1 } end";

fn request(name: &str) -> Request {
    Request::new(HOOKS[0], "acme", SCRIPT).name(name)
}

fn load(host: &Host, request: Request) -> Loaded {
    host.operate().load(request, AttachmentId::next()).expect("a good script")
}

fn attach(host: &Host, name: &str) -> AttachmentId {
    host.attach(request(name)).expect("a good script").keep()
}

fn prepare(host: &Host, intent: Intent) -> Change {
    host.operate().prepare(intent, BY).expect("nothing is in its way")
}

/// A change of every kind to an attachment that there is, each with the kind that it is.
fn changes_of(host: &Host, id: AttachmentId) -> Vec<(ChangeKind, Change)> {
    let again = host.operate().load(request("one"), id).expect("a good script");
    let elsewhere = load(host, Request::new(HOOKS[1], "acme", SCRIPT).name("one"));
    [
        (ChangeKind::Replace, Intent::Replace(again)),
        (ChangeKind::Relocate, Intent::Relocate(elsewhere, id)),
        (ChangeKind::Detach, Intent::Detach(id)),
        (ChangeKind::Enable, Intent::Enable(id, true)),
        (ChangeKind::Disable, Intent::Enable(id, false)),
        (ChangeKind::Reorder, Intent::Reorder(id, Position::Order(5))),
    ]
    .map(|(kind, intent)| (kind, prepare(host, intent)))
    .into()
}

/// Everything that a change could change, as text: the chains of both hook points, and the events.
fn everything(host: &Host) -> String {
    let line = |entry: &Entry| {
        let of = &entry.attachment;
        let (order, rank, enabled, revision) = (entry.order, entry.rank, entry.enabled, entry.revision);
        format!("{} {} {order} {rank} {enabled} {revision} {:?} {:?}", of.id(), of.name(), entry.by, entry.changed)
    };
    let chains = host.operate().slots().into_iter().map(|slot| slot.entries(|_| true).iter().map(line).collect());
    let chains: Vec<Vec<String>> = chains.collect();
    format!("{chains:#?} {:?}", events(host))
}

fn events(host: &Host) -> Vec<(Option<u64>, String)> {
    let mut events = Vec::new();
    host.operate().history(0).read(usize::MAX, &mut events);
    events.iter().map(|event| (event.revision, event.kind.name().to_owned())).collect()
}

#[test]
fn a_change_that_another_one_overtook_is_rejected_and_changes_nothing() {
    let host = host();
    let id = attach(&host, "one");
    let seen = host.revision();
    let changes = changes_of(&host, id);
    host.enable(id, false).expect("it is there");
    let before = everything(&host);
    for (kind, change) in changes {
        assert_eq!(change.kind(), kind);
        let error = host.operate().commit(change).err().expect("it was disabled meanwhile");
        match error {
            AttachError::Stale { revision, current, .. } => {
                assert_eq!((revision, current), (seen, seen + 1), "{kind:?}")
            }
            other => panic!("{kind:?}: {other}"),
        }
        assert_eq!(everything(&host), before, "{kind:?}");
        assert_eq!(host.revision(), seen + 1, "a rejected change takes no revision: {kind:?}");
    }
    let changes = changes_of(&host, id);
    host.detach(id).expect("it is there");
    let before = everything(&host);
    for (kind, change) in changes {
        let error = host.operate().commit(change).err().expect("it was detached meanwhile");
        assert!(matches!(error, AttachError::Gone(gone) if gone.0 == id), "{kind:?}: {error}");
        assert_eq!(everything(&host), before, "{kind:?}");
    }
}

#[test]
fn a_change_is_prepared_against_the_revision_that_was_seen() {
    let host = host();
    let id = attach(&host, "one");
    let seen = Against { revision: Some(host.revision()), ..BY };
    assert!(host.operate().prepare(Intent::Enable(id, false), seen).is_ok());
    host.reorder(id, Position::Order(3)).expect("there is room");
    let error = host.operate().prepare(Intent::Enable(id, false), seen).err().expect("it was reordered");
    assert!(matches!(error, AttachError::Stale { revision: 1, current: 2, .. }), "{error}");
    let gone = AttachmentId::next();
    let error = host.operate().prepare(Intent::Detach(gone), BY).err().expect("there is none");
    assert!(matches!(error, AttachError::Gone(id) if id.0 == gone), "{error}");
}

#[test]
fn of_two_changes_for_a_free_name_the_second_is_rejected() {
    let host = host();
    let [first, second] = [0; 2].map(|_| load(&host, request("one")));
    let id = first.attachment.id();
    // The same attachment cannot go in twice either.
    let [first, again] = [first.clone(), first].map(|loaded| prepare(&host, Intent::Attach(loaded)));
    let second = prepare(&host, Intent::Attach(second));
    host.operate().commit(first).expect("the name is free");
    let before = everything(&host);
    for change in [second, again] {
        let error = host.operate().commit(change).err().expect("the name is taken");
        assert_eq!(error.to_string(), "acme already has an attachment one at test.decide");
        assert_eq!(everything(&host), before);
    }
    assert_eq!(host.attachments(HOOKS[0]).iter().map(|info| info.id).collect::<Vec<_>>(), [id]);
    // A name that is free again is no obstacle.
    let third = load(&host, request("two"));
    let third = prepare(&host, Intent::Attach(third));
    let two = attach(&host, "two");
    host.detach(two).expect("it is there");
    host.operate().commit(third).expect("the name is free");
}

#[test]
fn a_dry_run_uses_no_revision_and_leaves_no_trace() {
    let host = host();
    let id = attach(&host, "one");
    let before = (everything(&host), host.revision());
    drop(changes_of(&host, id));
    drop(prepare(&host, Intent::Attach(load(&host, request("two")))));
    assert_eq!((everything(&host), host.revision()), before);
    // Assigned once, however often it is asked for.
    let mut change = prepare(&host, Intent::Enable(id, false));
    assert_eq!([0; 2].map(|_| host.operate().assign(&mut change)), [2, 2]);
    let entry = host.operate().commit(change).expect("nothing is in its way");
    assert_eq!((entry.revision, entry.by.as_deref(), host.revision()), (2, Some("uid 7"), 2));
}

#[test]
fn nothing_waits_for_a_change_that_is_being_written_down() {
    let host = host();
    let id = attach(&host, "one");
    let (entered, is_entered) = mpsc::channel();
    let (release, is_released) = mpsc::channel();
    let shared = &host;
    std::thread::scope(|threads| {
        let writer = threads.spawn(move || {
            let host = shared;
            let mut change = prepare(host, Intent::Reorder(id, Position::Order(5)));
            host.operate().assign(&mut change);
            entered.send(()).expect("somebody listens");
            // The disk that hangs. If the others waited for it, they would not get to release it.
            is_released.recv_timeout(Duration::from_secs(60)).expect("the others waited for the disk");
            host.operate().commit(change)
        });
        is_entered.recv().expect("it is prepared");
        let two = attach(&host, "two");
        host.enable(id, false).expect("it is there");
        host.detach(id).expect("it is there");
        let left: Vec<AttachmentId> = host.attachments(HOOKS[0]).iter().map(|info| info.id).collect();
        assert_eq!(left, [two]);
        release.send(()).expect("the writer waits");
        let error = writer.join().expect("no panic").err().expect("it was detached meanwhile");
        assert!(matches!(error, AttachError::Gone(gone) if gone.0 == id), "{error}");
    });
    assert_eq!(host.attachments(HOOKS[0]).len(), 1);
}

#[test]
fn what_was_prepared_is_what_goes_in() {
    let host = host();
    attach(&host, "first");
    let mut change = prepare(&host, Intent::Attach(load(&host, request("second"))));
    host.operate().assign(&mut change);
    let stored = change.after().cloned().expect("it attaches");
    // It has the same order, and came last when it was attached.
    attach(&host, "third");
    let made = host.operate().commit(change).expect("the name is free");
    let found = host.operate().slot(HOOKS[0]).expect("declared").find(made.attachment.id()).expect("it is in");
    for entry in [&made, &found] {
        assert_eq!((entry.order, entry.rank), (stored.order, stored.rank));
        assert_eq!((entry.revision, entry.changed), (stored.revision, stored.changed));
    }
    let id = made.attachment.id();
    let detached = host.operate().commit(prepare(&host, Intent::Detach(id))).expect("it is there");
    assert_eq!((detached.order, detached.rank, detached.revision), (made.order, made.rank, host.revision()));
    assert!(host.operate().slot(HOOKS[0]).expect("declared").find(id).is_none());
}

#[test]
fn a_relocation_is_one_change() {
    let host = host();
    let old = attach(&host, "one");
    let loaded = load(&host, Request::new(HOOKS[1], "acme", SCRIPT).name("one"));
    let made = host.operate().commit(prepare(&host, Intent::Relocate(loaded, old))).expect("nothing is in its way");
    assert_eq!(made.revision, 2);
    assert!(host.attachments(HOOKS[0]).is_empty());
    assert_eq!(host.attachments(HOOKS[1]).len(), 1);
    let events = events(&host);
    let named = |name: &str| (Some(2), name.to_owned());
    assert_eq!(events[1..], [named("attached"), named("detached")]);
    // Within one chain too the name stays that of the one that came.
    let again = load(&host, Request::new(HOOKS[1], "acme", SCRIPT).name("one"));
    let again = host
        .operate()
        .commit(prepare(&host, Intent::Relocate(again, made.attachment.id())))
        .expect("nothing is in its way");
    let slot = host.operate().slot(HOOKS[1]).expect("declared");
    assert_eq!(slot.named("acme", "one").map(|entry| entry.attachment.id()), Some(again.attachment.id()));
    assert_eq!(slot.count(|_| true), 1);
    host.detach(again.attachment.id()).expect("it is there");
}

#[test]
fn a_policy_that_comes_in_between_is_held_to() {
    let host = host();
    let id = attach(&host, "one");
    let reorder = || prepare(&host, Intent::Reorder(id, Position::Order(5)));
    let new = || prepare(&host, Intent::Attach(load(&host, request("two").order(5))));
    let (moved, attached, disabled) = (reorder(), new(), prepare(&host, Intent::Enable(id, false)));
    let placement = |orders: &str| {
        policy(&format!("[[placement]]\nhook = \"test.decide\"\ntenants = [\"acme\"]\norders = {orders}\n"))
    };
    host.set_policy(placement("[6, 9]")).expect("it fits");
    let before = everything(&host);
    for change in [moved, attached] {
        let error = host.operate().commit(change).err().expect("the policy does not allow it any more");
        assert!(matches!(error, AttachError::Order { order: 5, min: 6, max: 9, .. }), "{error}");
        assert_eq!(everything(&host), before);
    }
    // What is there may stay, and be disabled.
    host.operate().commit(disabled).expect("the policy says nothing of it");
}

#[test]
fn what_an_earlier_run_had_is_restored_as_it_was() {
    let host = host();
    host.operate().continue_from(41);
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let mut loaded = host.operate().load_again(request("one")).expect("a good script");
    loaded.rank = Some(77);
    let earlier = Earlier { revision: 12, at: Some(at), by: Some("uid 1000".to_owned()) };
    let mut change =
        host.operate().prepare(Intent::Restore(loaded, earlier), Against::default()).expect("nothing is in its way");
    assert_eq!(host.operate().assign(&mut change), 12);
    let made = host.operate().commit(change).expect("nothing is in its way");
    assert_eq!((made.rank, made.revision, made.changed, made.by.as_deref()), (77, 12, at, Some("uid 1000")));
    assert_eq!(host.revision(), 41);
    let mut events = Vec::new();
    host.operate().history(0).read(usize::MAX, &mut events);
    let [event] = &events[..] else { panic!("{events:?}") };
    assert!(matches!(event.kind, EventKind::Attached { order: 0 }), "{event:?}");
    assert_eq!((event.revision, &event.by), (Some(12), &None));
}

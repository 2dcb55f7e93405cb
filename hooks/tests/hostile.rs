//! Bytes of a hostile guest: never a panic, and no more memory than they pay for.
//!
//! One test, so that nothing else allocates meanwhile.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{generate, request, wire};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tenterhook_hooks::codec::{Answer, Encoder};
use tenterhook_hooks::schema::Declaration;

/// Counts what is allocated now, and the most since [`most`] began.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged; only numbers are kept beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller's promises are the system allocator's.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above; the pointer came from `alloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most memory that `run` has allocated at one time.
fn most<T>(run: impl FnOnce() -> T) -> usize {
    let before = NOW.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    drop(run());
    MOST.load(Ordering::Relaxed) - before
}

/// Memory that an answer of so many bytes may take: what its values need, and the arguments to compare with.
fn allowance(answer: usize, given: usize) -> usize {
    16 * 1024 + 128 * answer + 64 * given
}

fn check(declaration: &Declaration, bytes: &[u8], given: &[u8]) {
    let most = most(|| Answer::read(declaration, bytes, given, 1 << 20));
    let allowance = allowance(bytes.len(), given.len());
    assert!(most <= allowance, "{most} > {allowance} for {} bytes", bytes.len());
}

/// Bytes that look like an answer: tags in any order, names that exist, lengths that lie.
fn steps(names: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let step = prop_oneof![
        4 => Just(vec![6]),
        4 => Just(vec![7]),
        6 => proptest::sample::select(names).prop_map(wire::string),
        3 => (1..6i64).prop_map(wire::integer),
        2 => any::<f64>().prop_map(wire::float),
        1 => any::<u8>().prop_map(|tag| vec![tag]),
        1 => any::<u8>().prop_map(|position| vec![10, position % 4]),
        1 => any::<[u8; 24]>().prop_map(|slot| [&[8 + slot[20] % 2][..], &slot].concat()),
        1 => any::<u32>().prop_map(|len| [&[5][..], &len.to_le_bytes()].concat()),
    ];
    proptest::collection::vec(step, 0..60).prop_map(|steps| [&[6][..], &steps.concat()].concat())
}

fn names(declaration: &Declaration) -> Vec<String> {
    let mut names: Vec<String> = declaration.results.iter().map(|r| r.name.clone()).collect();
    names.extend(declaration.arguments.iter().map(|a| a.name.clone()));
    names.extend(["priority", "accept", "via", "added", "f0", "f1", "PASS", "V0", ""].map(str::to_owned));
    names
}

#[test]
fn hostile_answers_cost_what_they_weigh() {
    let mut runner = TestRunner::deterministic();
    let request = request::declaration();
    let mut out = Encoder::new();
    request.encode_values(&request::sample(), &mut out);
    let given = out.bytes().to_vec();

    for _ in 0..2000 {
        let noise = proptest::collection::vec(any::<u8>(), 0..200).new_tree(&mut runner).expect("bytes").current();
        check(request, &noise, &given);
        let answer = steps(names(request)).new_tree(&mut runner).expect("steps").current();
        check(request, &answer, &given);
        // The arguments are the host's own; still nothing should depend on it.
        check(request, &answer, &noise);
    }
    for _ in 0..300 {
        let types = proptest::collection::vec(generate::ty(), 1..4).new_tree(&mut runner).expect("types").current();
        let declaration = generate::declaration(&types, &[]);
        for _ in 0..10 {
            let answer = steps(names(&declaration)).new_tree(&mut runner).expect("steps").current();
            check(&declaration, &answer, &given);
        }
    }

    // The worst that a list of records, each as small as it can be, comes to.
    let field = |i: u32| tenterhook_hooks::schema::Field {
        name: format!("f{i}"),
        ty: tenterhook_hooks::schema::Type::Boolean.optional(),
        writable: false,
        doc: String::new(),
    };
    let record = tenterhook_hooks::schema::RecordType {
        name: "Wide".to_owned(),
        doc: String::new(),
        fields: (0..255).map(field).collect(),
    };
    let wide = tenterhook_hooks::schema::Type::Record(record.into()).list(4096);
    let declaration = generate::declaration(&[wide], &[]);
    let items: Vec<Vec<u8>> = (0..4096).map(|_| vec![6, 7]).collect();
    let answer = wire::table(&[("a0", wire::list(&items))]);
    assert!(Answer::read(&declaration, &answer, &[0; 8], 1 << 20).is_ok());
    check(&declaration, &answer, &[0; 8]);
}

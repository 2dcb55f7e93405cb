//! Attachments change while other threads call: every outcome is one version's answer, whole, and nobody waits or fails.

#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::policies::State;
use tenterhook::{AttachError, DynamicHook, DynamicOutcome, Gone, Host, Link, Request, SandboxOptions};
use tenterhook_tests::bench::{cache, rules, unique};

/// Threads that call. More than there are cores, so that they are stopped in the middle.
const CALLERS: usize = 8;

struct Stage {
    host: Host,
    hook: DynamicHook,
}

/// A hook point with two results that belong together.
fn stage() -> Stage {
    let of = Declaration::builder("test.pair", 1)
        .argument("n", Type::INTEGER, "a number")
        .result("version", Type::INTEGER, Value::Integer(0), "the script's version")
        .result("check", Type::INTEGER, Value::Integer(0), "the version, the argument and a sum over them")
        .build()
        .unwrap();
    let sandbox = SandboxOptions { max_executors: 200, cache: Some(cache()), ..SandboxOptions::default() };
    let host = Host::builder()
        .policy(tenterhook_cli::untimed::policy())
        .sandbox(sandbox)
        .threads(CALLERS + 2)
        .build()
        .unwrap();
    let hook = host.declare_dynamic(&of).unwrap();
    Stage { host, hook }
}

/// A script whose two results tell its version; a mix of two versions, or of two calls, is noticed.
fn source(version: i64) -> String {
    format!(
        "local version, calls = {version}, 0
        local noise = {{}}
        for i = 1, {version} % 50 do noise[i] = ('x'):rep(i * 7) end
        function pair(n)
            calls = calls + 1
            local sum = 0
            for i = 1, 20 + n % 30 do sum = sum + version * i end
            noise[#noise + 1] = sum
            return {{ version = version, check = version * 1000003 + n * 17 + sum }}
        end"
    )
}

/// What a version answers.
fn check(version: i64, n: i64) -> i64 {
    version * 1_000_003 + n * 17 + (1..=20 + n % 30).map(|i| version * i).sum::<i64>()
}

impl Stage {
    fn request(&self, version: i64, state: State) -> Request {
        let rules = rules("", "acme", "test.pair");
        Request::new("test.pair", "acme", source(version)).name("pair").rules(rules).state(state)
    }

    fn call(&self, n: i64) -> DynamicOutcome {
        self.hook.invoke(&[Value::Integer(n)], &mut ())
    }

    /// The version that answered; `None` for the default. Panics where the answer is not one version's.
    fn version(&self, n: i64) -> Option<i64> {
        let outcome = self.call(n);
        assert_eq!(outcome.failures, [], "no call fails");
        match (outcome.answer.result(0), outcome.answer.result(1)) {
            (Some(Value::Integer(version)), Some(Value::Integer(sum))) => {
                assert_eq!(*sum, check(*version, n), "the answer is whole");
                assert!(outcome.decided_by.is_some());
                Some(*version)
            }
            (None, None) => {
                assert_eq!(outcome.decided_by, None);
                None
            }
            mixed => panic!("a mix of answers: {mixed:?}"),
        }
    }

    /// Lets `CALLERS` threads call while `change` runs; what that gave, and how many calls there were.
    fn during<T: Send>(
        &self,
        allowed: &(dyn Fn(Option<i64>) -> bool + Sync),
        change: impl FnOnce() -> T + Send,
    ) -> (T, u64) {
        let (stop, calls) = (AtomicBool::new(false), AtomicU64::new(0));
        let changed = thread::scope(|scope| {
            let callers: Vec<_> = (0..CALLERS)
                .map(|caller| {
                    let (stop, calls) = (&stop, &calls);
                    scope.spawn(move || {
                        let mut n = caller as i64;
                        while !stop.load(Ordering::Relaxed) {
                            n += CALLERS as i64;
                            let version = self.version(n);
                            assert!(allowed(version), "{version:?} answered");
                            calls.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            // A panicking change must not leave the callers running, nor a panicking caller the others.
            let changed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(change));
            let enough = || calls.load(Ordering::Relaxed) >= 20 * CALLERS as u64;
            while changed.is_ok() && !enough() && !callers.iter().any(|caller| caller.is_finished()) {
                thread::yield_now();
            }
            stop.store(true, Ordering::Relaxed);
            changed
        });
        (changed.unwrap_or_else(|panic| std::panic::resume_unwind(panic)), calls.into_inner())
    }
}

fn replaced_while_called(state: State) {
    let stage = stage();
    let link = stage.host.attach(stage.request(1, state)).unwrap();
    let latest = AtomicU64::new(1);
    let allowed = |version: Option<i64>| version.is_some_and(|v| v >= 1 && v <= latest.load(Ordering::SeqCst) as i64);
    let ((), calls) = stage.during(&allowed, || {
        for version in 2..=60 {
            latest.store(version as u64, Ordering::SeqCst);
            stage.host.replace(link.id(), stage.request(version, state)).unwrap();
        }
    });
    assert!(calls > 0);
    assert_eq!(stage.version(5), Some(60), "the last one stays");
    assert_eq!(stage.host.attachments("test.pair").len(), 1);
    assert_eq!(stage.host.attachments("test.pair")[0].id, link.id(), "replacing keeps the id");
}

#[test]
fn replacing_is_one_step_for_callers() {
    replaced_while_called(State::Fresh);
}

#[test]
fn replacing_a_kept_attachment_is_one_step_for_callers() {
    replaced_while_called(State::Kept);
}

#[test]
fn once_replaced_no_new_call_is_the_old_ones() {
    let stage = stage();
    let link = stage.host.attach(stage.request(1, State::Fresh)).unwrap();
    for version in 2..=20 {
        stage.host.replace(link.id(), stage.request(version, State::Fresh)).unwrap();
        let seen: Vec<Option<i64>> = thread::scope(|scope| {
            let stage = &stage;
            let callers: Vec<_> = (0..4).map(|n| scope.spawn(move || stage.version(n))).collect();
            callers.into_iter().map(|caller| caller.join().unwrap()).collect()
        });
        assert_eq!(seen, [Some(version); 4]);
    }
}

#[test]
fn attaching_and_detaching_leave_callers_an_answer_or_the_default() {
    let stage = stage();
    let ((), calls) = stage.during(&|version| matches!(version, None | Some(1..=40)), || {
        for version in 1..=40 {
            let link = stage
                .host
                .attach(stage.request(version, if version % 2 == 0 { State::Kept } else { State::Fresh }))
                .unwrap();
            thread::yield_now();
            if version % 3 == 0 { link.detach().unwrap() } else { drop(link) }
        }
    });
    assert!(calls > 0);
    assert_eq!(stage.version(1), None);
    assert!(stage.host.attachments("test.pair").is_empty(), "dropped links detach");
}

#[test]
fn many_threads_may_attach_and_detach_at_once() {
    let stage = stage();
    let (links, _) = stage.during(&|version| matches!(version, None | Some(1..=1000)), || {
        thread::scope(|scope| {
            let attaching = (0..4i64).map(|who| {
                let stage = &stage;
                scope.spawn(move || {
                    let mut last = None;
                    for round in 0..15 {
                        let version = 1 + who * 100 + round;
                        let request = stage.request(version, State::Fresh).name(unique("many"));
                        last = Some((version, stage.host.attach(request).unwrap()));
                    }
                    last
                })
            });
            attaching.collect::<Vec<_>>().into_iter().filter_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        })
    });
    assert_eq!(links.len(), 4, "each thread's last one is left, the others went with their links");
    let attached: Vec<_> = stage.host.attachments("test.pair").into_iter().map(|a| a.id).collect();
    assert_eq!(attached.len(), 4);
    assert!(links.iter().all(|(_, link)| attached.contains(&link.id())));
    let first = stage.host.attachments("test.pair")[0].id;
    let expected = links.iter().find(|(_, link)| link.id() == first).map(|(version, _)| *version);
    assert_eq!(stage.version(3), expected, "the first of the chain answers");
}

#[test]
fn a_stale_id_is_gone_and_touches_nothing() {
    let stage = stage();
    let old = stage.host.attach(stage.request(1, State::Fresh)).unwrap();
    let id = old.id();
    old.detach().unwrap();
    let new = stage.host.attach(stage.request(2, State::Fresh)).unwrap();
    assert_ne!(new.id(), id, "ids are not used again");
    assert_eq!(stage.host.detach(id), Err(Gone(id)));
    match stage.host.replace(id, stage.request(3, State::Fresh)) {
        Err(AttachError::Gone(gone)) => assert_eq!(gone, Gone(id)),
        other => panic!("{other:?}"),
    }
    assert_eq!(stage.version(1), Some(2));
    // A link whose attachment somebody else detached.
    stage.host.detach(new.id()).unwrap();
    let id = new.id();
    assert_eq!(new.detach(), Err(Gone(id)));
    assert_eq!(stage.version(1), None);
}

#[test]
fn a_name_is_taken_once_however_many_try() {
    let stage = stage();
    let attached: Vec<Result<Link, AttachError>> = thread::scope(|scope| {
        let tries: Vec<_> = (1..=8)
            .map(|v| {
                scope.spawn({
                    let stage = &stage;
                    move || stage.host.attach(stage.request(v, State::Fresh))
                })
            })
            .collect();
        tries.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(attached.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(attached.iter().all(|result| matches!(result, Ok(_) | Err(AttachError::Exists { .. }))));
}

#[test]
fn links_kept_and_hosts_gone() {
    let stage = stage();
    let id = stage.host.attach(stage.request(1, State::Fresh)).unwrap().keep();
    assert_eq!(stage.version(1), Some(1), "a kept link does not detach");
    stage.host.detach(id).unwrap();
    let link = stage.host.attach(stage.request(2, State::Fresh)).unwrap();
    let id = link.id();
    let hook = stage.hook.clone();
    drop(stage);
    let outcome = hook.invoke(&[Value::Integer(1)], &mut ());
    assert_eq!(outcome.answer.result(0), Some(&Value::Integer(2)), "a hook point outlives its host's handle");
    drop(hook);
    assert_eq!(link.detach(), Err(Gone(id)), "but nothing outlives both");
}

#[test]
fn a_hostile_neighbour_in_the_chain_does_not_disturb_the_others() {
    let stage = stage();
    let rules = rules(
        "[defaults]\nfuel = \"200K\"\nmemory = \"1MiB\"\n[defaults.on_fault]\nany = \"skip\"\n",
        "enemy",
        "test.pair",
    );
    let hostile = "function pair(n)
        if n % 3 == 0 then while true do end end
        if n % 3 == 1 then local s = 'x' while true do s = s .. s end end
        error('no')
    end";
    let _enemy = stage.host.attach(Request::new("test.pair", "enemy", hostile).order(-1).rules(rules)).unwrap();
    let _good = stage.host.attach(stage.request(7, State::Fresh)).unwrap();
    thread::scope(|scope| {
        for caller in 0..CALLERS as i64 {
            let stage = &stage;
            scope.spawn(move || {
                for n in 0..60 {
                    let n = caller + n * 8;
                    let outcome = stage.call(n);
                    assert_eq!(outcome.failures.len(), 1, "the enemy's call, skipped");
                    assert_eq!(outcome.answer.result(1), Some(&Value::Integer(check(7, n))));
                }
            });
        }
    });
}

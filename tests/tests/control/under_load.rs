//! Changes through the socket while eight threads call: no call fails, none sees a mix of two scripts.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::json;
use tenterhook::hooks::value::Value;

use crate::stage::{Stage, says};

#[test]
fn scripts_are_replaced_under_load() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let (stop, calls, highest) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let outcome = stage.hook.invoke(&[Value::Integer(1), Value::Nil], &mut ());
                    assert_eq!(outcome.failures, [], "no call fails");
                    let (a, b) = (outcome.answer.result(1), outcome.answer.result(2));
                    assert!(a.is_some() && a == b, "a mix: {a:?} and {b:?}");
                    if let Some(Value::Integer(a)) = a {
                        highest.fetch_max(a.unsigned_abs(), Ordering::Relaxed);
                    }
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // Whatever fails here, the threads end.
        let changed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut revision = stage.revision("one");
            for number in 2..=60 {
                let path = format!("/v1/attachments/acme/one?revision={revision}");
                let body = json!({ "source": says(number) });
                revision = stage.client.ask("PUT", &path, Some(&body)).ok()["revision"].as_u64().unwrap();
                match number % 6 {
                    0 => drop(stage.client.get("/v1/stats").ok()),
                    1 => drop(stage.attach("bad", "x = = 1").refused()),
                    2 => drop(stage.client.ask("PUT", "/v1/attachments/acme/one?revision=1", Some(&body)).refused()),
                    3 => drop(stage.client.ask_raw("POST", "/v1/attachments", &vec![b' '; 5 << 20])),
                    _ => {}
                }
            }
            // The last one is seen by calls that begin now.
            let before = calls.load(Ordering::Relaxed);
            while calls.load(Ordering::Relaxed) < before + 100 {
                std::thread::yield_now();
            }
        }));
        stop.store(true, Ordering::Relaxed);
        if let Err(panic) = changed {
            std::panic::resume_unwind(panic);
        }
    });
    assert_eq!(highest.load(Ordering::Relaxed), 60);
    let stats = stage.client.get("/v1/stats").ok();
    assert_eq!(stats["attachments"][0]["calls"], calls.load(Ordering::Relaxed), "every call was counted");
    assert_eq!(stats["attachments"][0]["faults"], json!({}));
    let path = format!("/v1/attachments/acme/one?revision={}", stage.revision("one"));
    stage.client.ask("DELETE", &path, None).ok();
    assert_eq!(stage.call(1), 0);
}

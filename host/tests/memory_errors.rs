//! Memory errors that scripts may catch, where the policy says so, and what becomes of those that they do not.

use tenterhook::policies::{Policy, State};
use tenterhook::{AttachError, Fault, Host, Request, hook_point};

hook_point! {
    /// Works.
    pub Work = "test.work", version 1, chain first {
        /// A number.
        arg n: i64,
        /// Another one.
        result n: i64 = 0,
        /// Words.
        result text: String = String::new(),
    }
}

const BOMB: &str = "local function bomb() local s = 'x' while true do s = s .. s end end\n";

fn host(errors: &str) -> Host {
    let text = format!("[defaults]\nfuel = 50_000_000\nmemory = '1MiB'\nmemory_errors = '{errors}'\n");
    Host::builder().policy(Policy::parse(&text, "test.toml").expect("a good policy")).build().expect("a host")
}

/// What a call comes to: the text it answers, or its cause.
fn call(host: &Host, state: State, body: &str) -> Vec<String> {
    let hook = host.declare::<Work>().expect("a hook point");
    let request = Request::new("test.work", "acme", format!("{BOMB}function work(n) {body} end")).state(state);
    let link = host.attach(request).expect("a good script");
    let called = || {
        let outcome = hook.invoke(&WorkArgs { n: 1 });
        let cause = outcome.faults().next().map(|fault| fault.cause().to_string());
        cause.unwrap_or(outcome.results.text)
    };
    let came = vec![called(), called()];
    drop(link);
    came
}

#[test]
fn a_script_catches_them_where_the_policy_says_so() {
    let (catchable, uncatchable) = (host("catchable"), host("uncatchable"));
    for state in [State::Fresh, State::Kept] {
        for (body, caught) in [
            ("local ok, e = pcall(bomb) return { text = tostring(ok) .. ' ' .. e }", "false not enough memory"),
            ("for i = 1, 5 do pcall(bomb) end return { text = 'five' }", "five"),
            (
                "local ok, e = xpcall(bomb, function(m) return 'no ' .. m end) return { text = tostring(e) }",
                // Lua calls no message handler for memory errors.
                "not enough memory",
            ),
            (
                "local co = coroutine.create(bomb) local ok, e = coroutine.resume(co) return { text = e }",
                "not enough memory",
            ),
            ("pcall(bomb) local t = {} for i = 1, 1000 do t[i] = i end return { text = '' .. #t }", "1000"),
        ] {
            assert_eq!(call(&catchable, state, body), [caught, caught], "{body}");
            assert_eq!(call(&uncatchable, state, body), ["memory", "memory"], "{body}");
        }
    }
}

#[test]
fn uncaught_they_are_faults_and_the_next_call_is_well() {
    let host = host("catchable");
    for (body, cause) in [
        ("bomb()", "memory"),
        ("local t = {} while true do t = { t } end", "memory"),
        ("coroutine.wrap(bomb)()", "memory"),
        ("while true do pcall(bomb) end", "fuel"),
        ("local ok, e = pcall(bomb) error(e .. '!', 0)", "script"),
    ] {
        let came = call(&host, State::Fresh, body);
        // An error that passed through Lua's own functions is raised again by them, as the script's.
        let allowed = if body.starts_with("coroutine") { vec![cause, "script"] } else { vec![cause] };
        assert!(came.iter().all(|came| allowed.contains(&came.as_str())), "{body}: {came:?}");
        assert_eq!(call(&host, State::Fresh, "return { text = 'well' }"), ["well", "well"], "after {body}");
    }
}

#[test]
fn while_a_script_loads_too() {
    let refused = |errors: &str, source: &str| {
        let host = host(errors);
        let _hook = host.declare::<Work>().expect("a hook point");
        host.attach(Request::new("test.work", "acme", source)).err()
    };
    let bomb = format!("{BOMB}bomb() function work() return {{}} end");
    for errors in ["catchable", "uncatchable"] {
        let error = refused(errors, &bomb);
        assert!(matches!(error, Some(AttachError::Load(Fault::OutOfMemory { .. }))), "{errors}: {error:?}");
    }
    let caught = format!("{BOMB}pcall(bomb) function work() return {{}} end");
    assert!(refused("catchable", &caught).is_none());
    assert!(refused("uncatchable", &caught).is_some());
}

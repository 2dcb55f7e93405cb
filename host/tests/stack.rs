//! Recursion of every kind ends as a fault, and a thread with too little stack is refused.

use tenterhook::policies::Policy;
use tenterhook::{Denied, FailureKind, Host, Request, hook_point};

hook_point! {
    /// Runs something deep.
    pub Run = "test.run", version 1, chain first {
        /// How deep, at most.
        arg depth: i64,
        /// How deep it came.
        result reached: i64 = 0,
    }
}

/// Each calls itself through another part of the interpreter.
const RECURSIONS: &[(&str, &str)] = &[
    ("lua", "local function f(n) return 1 + f(n + 1) end"),
    ("gsub", "local function f(n) return (string.gsub('a', 'a', function() return f(n + 1) end)) end"),
    (
        "format",
        "local function f(n) return string.format('%s', setmetatable({}, { __tostring = function() return f(n + 1) end })) end",
    ),
    ("pcall", "local function f(n) local ok, e = pcall(f, n + 1) if not ok then error(e, 0) end end"),
    (
        "xpcall",
        "local function f(n) local ok, e = xpcall(f, function(m) return m end, n + 1) if not ok then error(e, 0) end end",
    ),
    ("wrap", "local function f(n) coroutine.wrap(f)(n + 1) end"),
    ("sort", "local function f(n) table.sort({ 2, 1 }, function() f(n + 1) return true end) end"),
    ("index", "local function f(n) return setmetatable({}, { __index = function() return f(n + 1) end }).x end"),
    ("concat", "local function f(n) return setmetatable({}, { __concat = function() return f(n + 1) end }) .. 'x' end"),
    (
        "eq",
        "local m = {} local function f(n) m.__eq = function() return f(n + 1) end return setmetatable({}, m) == setmetatable({}, m) end",
    ),
    ("close", "local function f(n) local x <close> = setmetatable({}, { __close = function() f(n + 1) end }) end"),
    ("load", "local function f(n) local more = true return load(function() f(n + 1) end) end"),
    ("chunk", "local function f(n) return (load('local f, n = ... return (f(n + 1))')(f, n)) end"),
];

#[test]
fn recursion_ends_as_a_fault_whatever_it_goes_through() {
    let policy = Policy::parse("[defaults]\nfuel = '1G'\nmemory = '16MiB'\n", "test.toml").expect("a good policy");
    let host = Host::builder().policy(policy).build().expect("a host");
    let hook = host.declare::<Run>().expect("a new hook point");
    for (name, function) in RECURSIONS {
        let source = format!("{function}\nfunction run() f(1) return {{}} end");
        let source = source.replacen("local function f", "function f", 1);
        let link = host.attach(Request::new("test.run", "acme", source)).expect("a good script");
        let outcome = hook.invoke(&RunArgs { depth: 0 });
        match outcome.faults().next() {
            Some(fault) => {
                let cause = fault.cause().as_str();
                assert!(cause == "stack" || cause == "script", "{name}: {cause}: {fault}");
                assert!(
                    fault.to_string().contains("overflow") || fault.to_string().contains("exhausted"),
                    "{name}: {fault}"
                );
            }
            // An error in __close or a loader may be swallowed on the way; then the call ended well.
            None => assert!(outcome.failures.is_empty(), "{name}: {:?}", outcome.failures),
        }
        drop(link);
        let _link = host
            .attach(Request::new("test.run", "acme", "function run() return { reached = 7 } end"))
            .expect("a good script");
        assert_eq!(hook.invoke(&RunArgs { depth: 0 }).results.reached, 7, "the next call after {name} is clean");
    }
}

#[test]
fn a_hundred_levels_of_c_are_fine() {
    let host = Host::builder().build().expect("a host");
    let hook = host.declare::<Run>().expect("a new hook point");
    let source = "local reached = 0
        local function f(n, most)
            reached = n
            if n < most then assert(pcall(f, n + 1, most)) end
        end
        function run(most) f(1, most) return { reached = reached } end";
    let _link = host.attach(Request::new("test.run", "acme", source)).expect("a good script");
    let outcome = hook.invoke(&RunArgs { depth: 100 });
    assert_eq!(outcome.failures, []);
    assert_eq!(outcome.results.reached, 100);
}

#[test]
fn a_thread_with_too_little_stack_is_refused_the_call() {
    let host = Host::builder().build().expect("a host");
    let hook = host.declare::<Run>().expect("a new hook point");
    let source = "function run() return { reached = 1 } end";
    let _link = host.attach(Request::new("test.run", "acme", source)).expect("a good script");
    let outcome = std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(move || hook.invoke(&RunArgs { depth: 0 }))
        .expect("a thread")
        .join()
        .expect("no panic");
    assert_eq!(outcome.results.reached, 0, "the declared default");
    assert_eq!(outcome.failures[0].kind, FailureKind::Denied(Denied::SmallStack));
}

//! What one script leaves behind is not there for the next: not in memory, not in the libraries, not in its own state.

#![allow(clippy::unwrap_used)]

use tenterhook::hooks::value::Value;
use tenterhook::policies::State;
use tenterhook::{CallReport, DynamicHook, FailureKind, Fault, Link, Request};
use tenterhook_tests::bench::{Bench, rules, unique};

/// Sixteen bytes that occur nowhere by chance.
const MARK: &[u8; 16] = b"\xa5MARK:tenterhook";

/// One call of a bench's `test.run`.
#[derive(Debug, Clone, PartialEq)]
struct Called {
    text: Vec<u8>,
    integer: i64,
    fault: Option<Fault>,
    fuel: u64,
}

struct Runs {
    bench: Bench,
}

impl Runs {
    fn new() -> Runs {
        Runs { bench: Bench::new() }
    }

    fn hook(&self) -> &DynamicHook {
        self.bench.hook("test.run").unwrap()
    }

    fn attach(&self, tenant: &str, state: State, source: &str) -> Link {
        let policy = "[defaults]\nfuel = \"1G\"\nmemory = \"8MiB\"\n";
        let rules = rules(policy, tenant, "test.run");
        let request = Request::new("test.run", tenant, source).name(unique("isolation")).rules(rules).state(state);
        self.bench.host.attach(request).unwrap()
    }

    fn call(&self, n: i64, s: &[u8]) -> Called {
        let mut fuel = 0;
        let args = [Value::Integer(n), Value::String(s.to_vec())];
        let outcome = self.hook().invoke(&args, &mut |report: &CallReport<'_>| fuel = report.fuel);
        let text = match outcome.answer.result(0) {
            Some(Value::String(text)) => text.clone(),
            _ => Vec::new(),
        };
        let integer = match outcome.answer.result(2) {
            Some(Value::Integer(v)) => *v,
            _ => 0,
        };
        let fault = outcome.failures.into_iter().next().map(|failure| match failure.kind {
            FailureKind::Fault(fault) => fault,
            other => panic!("{other:?}"),
        });
        Called { text, integer, fault, fuel }
    }

    /// One call of a script that is attached for it alone.
    fn once(&self, tenant: &str, source: &str) -> Called {
        let _link = self.attach(tenant, State::Fresh, source);
        self.call(7, b"text")
    }

    /// How often the mark, or a byte of it repeated, is in the memory of any idle executor.
    fn marks(&self) -> usize {
        let mut found = 0;
        self.bench.host.inspect_executors(|memory| {
            found += memory.windows(MARK.len()).filter(|window| *window == MARK).count();
            found += memory.windows(64).filter(|window| window.iter().all(|byte| *byte == MARK[0])).count();
        });
        found
    }
}

/// Writes the mark into strings, tables, upvalues, the library tables and coroutines: as much as fits in the memory that
/// an executor starts with, as one that grew is replaced at once.
const MARKER: &str = r#"
function run(n, s)
    kept = {}
    for i = 1, 40 do kept[i] = ("\xa5MARK:tenterhook"):rep(20) .. i end
    string.mark, table[1], math.pi = kept, kept, ("\xa5MARK:tenterhook"):rep(5)
    getmetatable("").__index = kept
    getmetatable("").mark = kept
    thread = coroutine.create(function() local own = kept[1] coroutine.yield(own) end)
    coroutine.resume(thread)
    setmetatable(_G, { __index = function() return kept[1] end })
    return { text = #kept[1] == 0 and "" or "marked" }
end"#;

const INNOCENT: &str = r#"
function run(n, s)
    assert(kept == nil and thread == nil and string.mark == nil and table[1] == nil and math.pi > 3 and math.pi < 4)
    assert(getmetatable(_G) == nil and getmetatable("").mark == nil and ("x"):rep(2) == "xx")
    local seen = {}
    for i = 1, 100 do seen[i] = tostring({}) .. s:rep(i) end
    return { text = table.concat(seen, ",", 1, 3), integer = n }
end"#;

#[test]
fn arguments_of_every_size_in_turn_are_those_of_their_call_where_state_is_kept() {
    let runs = Runs::new();
    // What is kept takes whatever memory was freed, and would show a write into it.
    let source = r#"
        local kept = {}
        function run(n, s)
            for i = 1, 50 do kept[#kept % 500 + 1] = ("x"):rep(400) .. i end
            for _, v in ipairs(kept) do assert(v:find("^x+%d+$") == 1, v) end
            return { text = s:sub(1, 4) .. "|" .. s:sub(-4) .. "|" .. #s, integer = n }
        end"#;
    let _link = runs.attach("one", State::Kept, source);
    for (n, size) in (0..).zip([10, 900, 1100, 20, 5000, 30, 1100, 900, 20_000, 0, 1, 20_001, 5]) {
        let letter = b'a' + n as u8;
        let called = runs.call(n, &vec![letter; size]);
        let ends = (letter as char).to_string().repeat(size.min(4));
        assert_eq!((called.fault, called.integer), (None, n), "{size} bytes");
        assert_eq!(String::from_utf8_lossy(&called.text), format!("{ends}|{ends}|{size}"));
    }
}

#[test]
fn a_mark_in_every_byte_of_memory_is_not_seen_by_the_next_tenant() {
    let runs = Runs::new();
    let innocent = runs.attach("innocent", State::Fresh, INNOCENT);
    let clean = runs.call(7, b"text");
    assert_eq!((clean.integer, &clean.fault), (7, &None));
    drop(innocent);
    // Another script first, so that the executor has to go from its image to the innocent one's.
    assert_eq!(runs.once("stranger", "function run() return {} end").fault, None);
    let mut executors = 0;
    runs.bench.host.inspect_executors(|memory| {
        memory.fill(MARK[0]);
        executors += 1;
    });
    assert!(executors > 0 && runs.marks() > 1000, "there is memory, and it is marked");
    let again = runs.once("innocent", INNOCENT);
    assert_eq!(again, clean, "as if nothing had been there");
    assert_eq!(runs.marks(), 0, "no byte of the mark is left");
}

#[test]
fn a_mark_is_not_seen_by_the_next_call_of_the_same_attachment_after_a_trap() {
    let runs = Runs::new();
    let source = "local calls = 0
        function run(n, s) calls = calls + 1 while n == -1 do end return { integer = calls, text = s } end";
    let _link = runs.attach("one", State::Fresh, source);
    let clean = runs.call(7, b"text");
    assert_eq!((clean.integer, clean.text.as_slice()), (1, &b"text"[..]));
    assert!(matches!(runs.call(-1, b"").fault, Some(Fault::OutOfFuel { .. })));
    runs.bench.host.inspect_executors(|memory| memory.fill(MARK[0]));
    assert_eq!(runs.call(7, b"text"), clean);
    assert_eq!(runs.marks(), 0, "after a trap all of memory is written again");
}

#[test]
fn what_a_script_wrote_into_its_own_heap_is_gone_for_the_next_tenant() {
    let runs = Runs::new();
    let clean = runs.once("innocent", INNOCENT);
    let marked = runs.once("marker", MARKER);
    assert_eq!((marked.text.as_slice(), &marked.fault), (&b"marked"[..], &None));
    assert!(runs.marks() > 100, "the marks are in memory: {}", runs.marks());
    assert_eq!(runs.once("innocent", INNOCENT), clean);
    assert_eq!(runs.marks(), 0);
}

#[test]
fn what_a_script_can_read_of_memory_that_is_not_set_is_nothing_of_the_last_one() {
    let runs = Runs::new();
    let marked = runs.once("marker", MARKER);
    assert_eq!(marked.fault, None);
    // Strings, buffers and packed values made anew: none of them shows what lay there before.
    let scan = r#"
        function run(n, s)
            local found = 0
            local function look(text) if text:find("MARK", 1, true) then found = found + 1 end end
            for size = 1, 2000, 7 do look(("\0"):rep(size)) look(string.pack("!16 i1 Xi16 i16", 1, 2)) look(string.format("%5s", "")) end
            for i = 1, 500 do local t = {} for j = 1, i % 40 do t[j] = j end for k, v in pairs(t) do look(tostring(k) .. tostring(v)) end end
            look(s) look(tostring(n)) look(debug.traceback())
            for i = 1, 100 do look(tostring(coroutine.create(print))) end
            return { integer = found, text = "looked" }
        end"#;
    let looked = runs.once("scanner", scan);
    assert_eq!((looked.text.as_slice(), looked.integer, &looked.fault), (&b"looked"[..], 0, &None));
}

#[test]
fn libraries_changed_by_a_call_are_intact_in_the_next() {
    let runs = Runs::new();
    let _link = runs.attach("vandal", State::Fresh, &format!("{MARKER}\nlocal marker = run\nlocal libraries = {{}}\n\
        for _, library in ipairs {{ 'string', 'table', 'math', 'utf8', 'coroutine', 'log', 'net', 'debug' }} do libraries[library] = true end\n\
        function run(n, s)\n\
            assert(kept == nil and string.mark == nil and math.type(math.pi) == 'float' and getmetatable(_G) == nil)\n\
            assert(s:upper() == 'TEXT', 'the metatable of strings')\n\
            local answer = marker(n, s)\n\
            for library in pairs(libraries) do for name in pairs(_G[library] or {{}}) do _G[library][name] = nil end _G[library] = nil end\n\
            pcall, error, type = nil\n\
            return answer\n\
        end"));
    let first = runs.call(7, b"text");
    assert_eq!((first.text.as_slice(), &first.fault), (&b"marked"[..], &None));
    for _ in 0..5 {
        assert_eq!(runs.call(7, b"text"), first);
    }
}

#[test]
fn a_seed_is_not_passed_on() {
    let runs = Runs::new();
    let numbers = "function run() return { integer = math.random(0) } end";
    let clean = runs.once("innocent", numbers);
    let seeded = "function run() math.randomseed(99) return { integer = math.random(0) } end";
    let other = runs.once("gambler", seeded);
    assert_ne!(other.integer, clean.integer);
    assert_eq!(runs.once("innocent", numbers), clean);
    // Nor by a seed that was set while the script loaded: that is the script's image, not the next call's.
    let loaded = runs.once("loader", "math.randomseed(99)\nfunction run() return { integer = math.random(0) } end");
    assert_eq!(runs.once("innocent", numbers), clean);
    assert_eq!(loaded.integer, clean.integer, "every call begins with the host's seed");
}

#[test]
fn kept_state_is_the_attachments_own() {
    let runs = Runs::new();
    let counter = "local calls = 0 function run(n) calls = calls + 1 total = (total or 0) + n return { integer = calls * 1000 + total } end";
    let one = runs.attach("one", State::Kept, counter);
    assert_eq!(runs.call(1, b"").integer, 1001);
    assert_eq!(runs.call(1, b"").integer, 2002);
    drop(one);
    let two = runs.attach("one", State::Kept, counter);
    assert_eq!(runs.call(5, b"").integer, 1005, "another attachment of the same script starts anew");
    drop(two);
    let fresh = runs.attach("one", State::Fresh, counter);
    assert_eq!(runs.call(1, b"").integer, 1001);
    assert_eq!(runs.call(1, b"").integer, 1001);
    drop(fresh);
}

#[test]
fn kept_attachments_side_by_side_do_not_mix() {
    let runs = Runs::new();
    let source = |name: &str| {
        format!(
            "local calls = 0\nfunction run(n, s) if s ~= '{name}' then return {{}} end calls = calls + 1 return {{ integer = calls, text = s }} end"
        )
    };
    let _links: Vec<Link> = ["a", "b", "c"].iter().map(|name| runs.attach(name, State::Kept, &source(name))).collect();
    // Each is asked in each round (the others answer with the default) but only counts what was meant for it.
    for round in 1..=4 {
        for name in ["a", "b", "c"] {
            let called = runs.call(0, name.as_bytes());
            assert_eq!((called.integer, called.text.as_slice()), (round, name.as_bytes()));
        }
        let stranger = runs.once("stranger", "function run() calls = 1000 return { integer = -1 } end");
        assert_eq!(stranger.integer, -1);
    }
}

#[test]
fn kept_state_starts_again_from_its_image_after_a_fault_that_is_not_luas_own() {
    let runs = Runs::new();
    let source = r#"
        local calls = 0
        function run(n)
            calls = calls + 1
            if n == 1 then while true do end end
            if n == 2 then local s = "x" while true do s = s .. s end end
            if n == 3 then return ("a"):rep(50000):find((".-"):rep(50) .. "b") end
            return { integer = calls }
        end"#;
    let _link = runs.attach("one", State::Kept, source);
    for hostile in 1..=3 {
        assert_eq!(runs.call(0, b"").integer, 1, "before {hostile}");
        assert_eq!(runs.call(0, b"").integer, 2);
        let called = runs.call(hostile, b"");
        assert!(matches!(called.fault, Some(Fault::OutOfFuel { .. } | Fault::OutOfMemory { .. })), "{called:?}");
        assert_eq!(runs.call(0, b"").integer, 1, "after {hostile}");
        // Leave it at the image for the next round.
        assert!(runs.call(hostile, b"").fault.is_some());
    }
}

#[test]
fn an_executor_whose_memory_grew_serves_the_next_tenant_as_before() {
    let runs = Runs::new();
    let clean = runs.once("innocent", INNOCENT);
    let large = "function run() local t = {} for i = 1, 60000 do t[i] = { i } end return { integer = #t } end";
    for _ in 0..3 {
        assert_eq!(runs.once("large", large).integer, 60000);
        assert_eq!(runs.once("innocent", INNOCENT), clean);
    }
    let mut sizes = Vec::new();
    runs.bench.host.inspect_executors(|memory| sizes.push(memory.len()));
    assert!(sizes.iter().all(|size| *size <= 256 << 10), "no executor kept what it grew to: {sizes:?}");
}

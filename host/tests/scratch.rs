use tenterhook::{hook_point, Host, Request, CallReport};
hook_point! {
    /// x
    pub Run = "t.run", version 1, chain first {
        /// n
        arg n: i64,
        /// r
        result r: i64 = 0,
    }
}
#[test]
fn scratch() {
    let host = Host::builder().policy(tenterhook::policies::Policy::parse("[defaults]\nfuel='1G'\nmemory='16MiB'\n", "x").unwrap()).build().unwrap();
    let hook = host.declare::<Run>().unwrap();
    for s in ["function run(n) local function r(n) if n > 60 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 60 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 60 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 60 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",
"function run(n) local function r(n) if n > 80 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 80 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 80 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 80 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",
"function run(n) local function r(n) if n > 100 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 100 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 100 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 100 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",
"function run(n) local function r(n) if n > 120 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 120 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 120 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 120 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",
"function run(n) local function r(n) if n > 140 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 140 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 140 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 140 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",
"function run(n) local function r(n) if n > 160 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 160 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 160 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 160 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",
"function run(n) local function r(n) if n > 180 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 180 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 180 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 180 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",
"function run(n) local function r(n) if n > 195 then return 'x' end return (string.gsub('a', 'a', function() return r(n+1) end)) end return {r=#r(1)} end",
"function run(n) local function f(n) if n > 195 then return end string.format('%s', setmetatable({}, {__tostring=function() f(n+1) return '' end})) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 195 then return end pcall(f, n+1) end f(1) return {r=1} end",
"function run(n) local function f(n) if n > 195 then return end coroutine.wrap(f)(n+1) end f(1) return {r=1} end",    ] {
        match host.attach(Request::new("t.run","a",s)) {
            Ok(_link) => { let t=std::time::Instant::now(); let o = hook.invoke_observed(&RunArgs{n:1}, &mut |c: &CallReport<'_>| println!("fuel {} mem {}", c.fuel, c.memory_bytes)); println!("{:?} {s}\n  {:?}", t.elapsed(), o); }
            Err(e) => println!("{s}: {e}"),
        }
    }
}

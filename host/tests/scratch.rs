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
    for s in ["function run(n) return {r=1} end",
      "function run(n) local function f(k) if k==0 then return 0 end return 1 + f(k-1) end return {r=f(10)} end",
      "function run(n) local function f(k) if k==0 then return 0 end return 1 + f(k-1) end return {r=f(100)} end",
      "function run(n) local function f(k) if k==0 then return 0 end return 1 + f(k-1) end return {r=f(1000)} end",
      "function run(n) local function f(k) if k==0 then return 0 end return 1 + f(k-1) end return {r=f(2000)} end",
      "function run(n) local function f(k) if k==0 then return 0 end return 1 + f(k-1) end f(2000) f(2000) return {r=f(2000)} end",
      "function run(n) local x = 0 for i=1,1000 do x = x + i end return {r=x} end",
      "function run(n) local x = 0 for i=1,1000 do x = {} end return {r=1} end",
      "function run(n) for i=1,1000 do pcall(error) end return {r=1} end",
    ] {
        match host.attach(Request::new("t.run","a",s)) {
            Ok(_link) => { let t=std::time::Instant::now(); let o = hook.invoke_observed(&RunArgs{n:1}, &mut |c: &CallReport<'_>| println!("fuel {} mem {}", c.fuel, c.memory_bytes)); println!("{:?} {s}\n  {:?}", t.elapsed(), o); }
            Err(e) => println!("{s}: {e}"),
        }
    }
}

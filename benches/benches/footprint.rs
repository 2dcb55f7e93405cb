//! What ten thousand attachments take: the memory of the process beside what the tenants are charged for, and whether what
//! they had is used again once they are gone.
//!
//! Fails where the account is more than a tenth under the memory, or where the second ten thousand need more than the first
//! did. With `--test` it takes few and judges nothing.

use anyhow::{Context as _, Result, ensure};
use tenterhook::hooks::value::Value;
use tenterhook::{DynamicHook, Host, Link, Request};
use tenterhook_benches::integer::Integer;

/// The most that memory may be over the account, and the second round over the first.
const OVER_ACCOUNT: f64 = 1.1;
const OVER_FIRST: f64 = 1.05;
const TENANT: &str = "bench";

fn main() -> Result<()> {
    let small = std::env::args().any(|argument| argument == "--test");
    let many = if small { 100 } else { 10_000 };
    let host = Host::builder().policy(tenterhook_cli::untimed::policy()).build()?;
    let hook = host.declare_dynamic(host.declare::<Integer>()?.declaration())?;
    // What the first load sets up is not an attachment's.
    drop(attach(&host, &hook, 10)?);
    let before = resident()?;
    let mut rounds = Vec::new();
    for _ in 0..3 {
        let links = attach(&host, &hook, many)?;
        let (now, charged) = (resident()?, host.usage(TENANT).context("an account")?.memory.get());
        drop(links);
        rounds.push((now.saturating_sub(before), charged, resident()?.saturating_sub(before)));
    }
    for (number, (taken, charged, after)) in (1..).zip(&rounds) {
        println!(
            "round {number}: {many} attachments: {:.1} KiB each in memory, {:.1} charged ({:.2} ×); {} MiB stay once they are gone",
            *taken as f64 / 1024.0 / many as f64,
            *charged as f64 / 1024.0 / many as f64,
            *taken as f64 / *charged as f64,
            after >> 20
        );
    }
    if !small {
        let (taken, charged, _) = rounds[0];
        ensure!(taken as f64 <= OVER_ACCOUNT * charged as f64, "memory is more than a tenth over what is charged");
        let last = rounds[2].0;
        ensure!(last as f64 <= OVER_FIRST * taken as f64, "memory that was given up is not used again");
    }
    Ok(())
}

/// Attaches so many, each another script, and calls each once.
fn attach(host: &Host, hook: &DynamicHook, many: usize) -> Result<Vec<Link>> {
    let mut links = Vec::with_capacity(many);
    for n in 0..many {
        let source = format!("local mark = {n} function integer(n) return {{ next = mark * 0 }} end");
        links.push(host.attach(Request::new("bench.integer", TENANT, source).name(format!("a{n}")))?);
    }
    // They answer with the default, so that all of the chain is called.
    let _ = hook.invoke(&[Value::Integer(-1)], &mut ());
    Ok(links)
}

/// Bytes of this process that are in memory.
fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("a line VmRSS")?;
    let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib << 10)
}

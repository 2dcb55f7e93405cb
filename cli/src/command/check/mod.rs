//! `tenterhook check`: reports whether a script loads, and what is probably wrong in it.
//!
//! ```text
//! source ──▶ sandbox ──▶ syntax error, no handler, error while loading     errors, exit code 3
//!    │           └───▶ a call with sample arguments that ends in a fault   a warning
//!    └─────▶ scan ────▶ judge ──▶ unknown globals and fields, wrong        warnings, exit code 0 (3 with --strict)
//!                                 answers, capabilities not granted
//! ```
//!
//! Lua itself decides in the sandbox whether a script loads. The scan follows, and reports only what is certain.

mod answers;
mod caught;
mod comparisons;
mod fields;
mod files;
mod finding;
mod judge;
mod lists;
mod look;
mod lost;
mod names;
mod reach;
mod remark;
mod scan;
mod source;
mod views;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use tenterhook::hooks::schema::Declaration;
use tenterhook::policies::Fuel;

use self::files::files;
pub use self::finding::Finding;
pub use self::look::Look;
use self::reach::Reach;
use self::scan::Scan;
use crate::exit::{Exit, PolicyRefuses};
use crate::live::LiveArgs;
use crate::setup::{self, Overrides, PolicyArgs, Script};
use crate::{input, text};

/// Loads a script in the sandbox and reports errors and warnings
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Lua script, or a folder with a script and the modules that it requires
    #[arg(value_name = "FILE|DIR")]
    file: PathBuf,
    /// Hook point; by default guessed from the script's functions
    #[arg(long, value_name = "NAME")]
    hook: Option<String>,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    live: LiveArgs,
    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The result of a check.
struct Checked {
    hooks: Vec<Arc<Declaration>>,
    findings: Vec<Finding>,
    loads: bool,
}

/// Runs the command.
pub fn run(args: &CheckArgs, out: &mut dyn Write) -> Result<Exit> {
    let script = match &args.hook {
        Some(hook) => Script::read(&args.file, setup::handler(hook))?,
        None => {
            let hooks = setup::hook_points(&args.live)?;
            Script::read_of_any(&args.file, &hooks.iter().map(|of| of.handler.as_str()).collect::<Vec<_>>())?
        }
    };
    let rules = (&args.policy, &Overrides::default());
    let checked = check(&Look::new()?, &script, args.hook.as_deref(), rules, &args.live)?;
    if args.json {
        let names: Vec<&str> = checked.hooks.iter().map(|of| of.name.as_str()).collect();
        let report = json!({
            "file": args.file.display().to_string(),
            "hooks": names,
            "guessed": args.hook.is_none(),
            "loads": checked.loads,
            "findings": checked.findings,
        });
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)?;
    } else {
        print(args, &checked, out)?;
    }
    let failed = !checked.loads || (args.strict && !checked.findings.is_empty());
    Ok(if failed { Exit::Fault } else { Exit::Result })
}

/// Checks one text after the other, for tests and the fuzzer.
pub struct Checker(Look);

impl Checker {
    /// Makes an empty sandbox.
    ///
    /// # Errors
    /// The sandbox does not run on this machine.
    pub fn new() -> Result<Checker> {
        Ok(Checker(Look::new()?))
    }

    /// Checks a text as the command checks a file, against the catalog and with this much fuel; returns the number of
    /// findings.
    ///
    /// # Errors
    /// The errors of the command.
    pub fn text(&self, text: &[u8], fuel: Fuel) -> Result<usize> {
        let script = Script { name: "text.lua".to_owned(), source: text.to_vec(), ..Script::default() };
        let overrides = Overrides { fuel: Some(fuel), ..Overrides::default() };
        let nobody = PolicyArgs { policy: None, tenant: None };
        Ok(check(&self.0, &script, None, (&nobody, &overrides), &LiveArgs::default())?.findings.len())
    }
}

/// Checks the script at a hook point, or at those that it has handlers for.
fn check(
    look: &Look,
    script: &Script,
    hook: Option<&str>,
    (policy, overrides): (&PolicyArgs, &Overrides),
    live: &LiveArgs,
) -> Result<Checked> {
    let files = files(script);
    let all = match hook {
        Some(name) => vec![setup::hook_point(name, live)?],
        None => setup::hook_points(live)?,
    };
    let hooks = if hook.is_some() { all.clone() } else { guess(&files[0].scan, &all) };
    let mut findings = Vec::new();
    // Without a handler, any hook point shows whether the script is Lua at all.
    let against = if hooks.is_empty() { all.get(..1).unwrap_or_default() } else { &hooks[..] };
    for of in against {
        let standing = policy.resolve(&of.name, overrides)?.map_err(PolicyRefuses)?;
        match look.at(script, &files, of, &standing, &Reach::of(policy, &standing)?)? {
            Ok(looked) => findings.extend(looked.findings),
            Err(fault) => findings.push(Finding::of_load(&fault, &files, &hooks, &all)),
        }
    }
    findings.sort();
    findings.dedup();
    let loads = findings.iter().all(|finding| finding.severity != "error");
    Ok(Checked { hooks, findings, loads })
}

/// The hook points whose handlers the script defines.
fn guess(scan: &Scan, all: &[Arc<Declaration>]) -> Vec<Arc<Declaration>> {
    all.iter().filter(|of| scan.sets.contains(&of.handler)).cloned().collect()
}

fn print(args: &CheckArgs, checked: &Checked, out: &mut dyn Write) -> Result<()> {
    let Checked { hooks, findings, loads } = checked;
    for finding in findings {
        writeln!(out, "{}", finding.reported(&args.file))?;
    }
    let names: Vec<&str> = hooks.iter().map(|of| of.name.as_str()).collect();
    let names = names.join(", ");
    let guessed = if args.hook.is_none() && !hooks.is_empty() { " (guessed from its functions)" } else { "" };
    let file = input::name(&args.file);
    let verdict = if *loads { "loads" } else { "does not load" };
    let at =
        if hooks.is_empty() { "; use --hook NAME to select its hook point".to_owned() } else { format!(" at {names}") };
    let warnings = findings.iter().filter(|finding| finding.severity == "warning").count() as u64;
    let warnings = if warnings > 0 { format!(", {}", text::counted(warnings, "warning")) } else { String::new() };
    writeln!(out, "{file} {verdict}{at}{guessed}{warnings}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hook_points_are_guessed_from_functions() {
        let names = |source: &str| -> Vec<String> {
            let all = setup::hook_points(&LiveArgs::default()).expect("the catalog");
            guess(&scan::scan(&source::Source::new(source.as_bytes())), &all).iter().map(|of| of.name.clone()).collect()
        };
        assert_eq!(names("function route_match() end"), ["bgp.route_match"]);
        assert_eq!(names("process = function() end peer_status = 1"), ["bgp.process", "bgp.peer_status"]);
        assert_eq!(names("local function route_match() end"), Vec::<String>::new());
    }

    fn findings(source: &str, hook: Option<&str>) -> (bool, Vec<String>) {
        let script = Script { name: "a.lua".to_owned(), source: source.as_bytes().to_vec(), ..Script::default() };
        let policy = PolicyArgs { policy: None, tenant: None };
        let look = Look::new().expect("a sandbox");
        let rules = (&policy, &Overrides::default());
        let checked = check(&look, &script, hook, rules, &LiveArgs::default()).expect("a sandbox");
        let location = |n: Option<u32>| n.map_or("?".to_owned(), |n| n.to_string());
        let line = |f: &Finding| format!("{}:{}: {}: {}", location(f.line), location(f.column), f.severity, f.message);
        (checked.loads, checked.findings.iter().map(line).collect())
    }

    #[test]
    fn findings_have_their_place() {
        let cases: [(&str, Option<&str>, bool, &str); 6] = [
            ("function route_match() return {} end", None, true, ""),
            ("function process(\n  a b)\nend", None, false, "2:5: error: ')' expected near 'b'"),
            ("error('no')\nfunction process() end", None, false, "1:?: error: no"),
            ("function route_match() return x end", None, true, "1:31: warning: global 'x' is never set"),
            (
                "function rout_match() end",
                Some("bgp.route_match"),
                false,
                "1:10: error: expected a function 'route_match', found none; did you mean 'route_match' by 'rout_match'?",
            ),
            (
                "",
                None,
                false,
                "?:?: error: expected a function called route_match or route_set or process or peer_open or peer_status or \
                 rpki_prefix_status or next_hop_match or rib_update or interface_add or interface_del or interface_up \
                 or interface_down, found none",
            ),
        ];
        for (source, hook, loads, finding) in cases {
            let (found_loads, found) = findings(source, hook);
            assert_eq!(found_loads, loads, "{source}: {found:?}");
            assert_eq!(found.join("; "), finding, "{source}");
        }
    }
}

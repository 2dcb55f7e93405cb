//! `tenterhook check`: does a script load, and what looks wrong in it.
//!
//! ```text
//! source ──▶ sandbox ──▶ syntax error, no handler, error while loading     errors, exit code 3
//!    └─────▶ scan ────▶ judge ──▶ unknown globals and fields, wrong        warnings, exit code 0 (3 with --strict)
//!                                 answers, capabilities not granted
//! ```
//!
//! Whether a script loads is Lua's to say, in the sandbox. The scan comes after that, and only remarks on what it is
//! certain of.

mod answers;
mod judge;
mod names;
mod reach;
mod scan;
mod source;

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use serde_json::json;
use tenterhook::Fault;
use tenterhook::hooks::schema::Declaration;

use self::names::Names;
use self::reach::Reach;
use self::scan::Scan;
use self::source::{Place, Source};
use crate::exit::Exit;
use crate::live::LiveArgs;
use crate::logs::Collector;
use crate::setup::{self, Overrides, PolicyArgs, Script};
use crate::text;

/// Loads a script in the sandbox and reports what is wrong, or looks wrong, in it
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Lua script, or a folder with a script and the modules that it requires
    #[arg(value_name = "FILE|DIR")]
    file: PathBuf,
    /// Hook point; guessed from the script's functions unless given
    #[arg(long, value_name = "NAME")]
    hook: Option<String>,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    live: LiveArgs,
    /// Warnings are errors
    #[arg(long)]
    strict: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Something wrong, or something that looks wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Finding {
    /// The script's or a module's, from the script's folder.
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    severity: &'static str,
    /// Of errors: the cause, as faults have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    message: String,
}

/// What a check came to.
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
    let checked = check(&script, args.hook.as_deref(), &args.policy, &args.live)?;
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

/// Checks the script at a hook point, or at those that it has handlers for.
fn check(script: &Script, hook: Option<&str>, policy: &PolicyArgs, live: &LiveArgs) -> Result<Checked> {
    let files = files(script);
    let all = match hook {
        Some(name) => vec![setup::hook_point(name, live)?],
        None => setup::hook_points(live)?,
    };
    let hooks = if hook.is_some() { all.clone() } else { guess(&files[0].scan, &all) };
    let logs = Arc::new(Collector::new(usize::MAX));
    let host = setup::host(logs.clone())?;
    let mut findings = Vec::new();
    // Without a handler to go by, any hook point shows whether the script is Lua at all.
    let against = if hooks.is_empty() { all.get(..1).unwrap_or_default() } else { &hooks[..] };
    for of in against {
        let standing = policy.resolve(&of.name, &Overrides::default())?.map_err(anyhow::Error::msg)?;
        if let Some(fault) = script.load(&host, of, &standing)? {
            findings.push(fault_finding(&fault, &files, &hooks, &all));
            continue;
        }
        let mut names = Names::ask(&host, &logs, of, &standing)?;
        if !script.modules.is_empty() {
            names.globals.insert("require".to_owned());
        }
        for (library, member) in files.iter().flat_map(|file| file.scan.members_set()) {
            // A script's own addition to a library is there for all of its files.
            names.members.entry(library.to_owned()).or_default().insert(member.to_owned());
        }
        let reach = Reach::of(policy, &standing)?;
        for file in &files {
            let remarks = judge::judge(&file.scan, &names, &reach, of).into_iter();
            findings.extend(remarks.map(|(place, message)| Finding {
                file: file.name.clone(),
                line: Some(place.line),
                column: Some(place.column),
                severity: "warning",
                cause: None,
                message,
            }));
        }
    }
    findings.sort();
    findings.dedup();
    let loads = findings.iter().all(|finding| finding.severity != "error");
    Ok(Checked { hooks, findings, loads })
}

/// A file of the script.
struct File {
    name: String,
    source: Source,
    scan: Scan,
}

/// The script itself, and then its modules, under the names that Lua's errors have for them. They share their globals:
/// what one sets, all have.
fn files(script: &Script) -> Vec<File> {
    let modules = script.modules.iter().map(|(name, text)| (format!("{}.lua", name.replace('.', "/")), text));
    let all = std::iter::once((script.name.clone(), &script.source)).chain(modules);
    let file = |(name, text): (String, &Vec<u8>)| {
        let source = Source::new(text);
        File { name, scan: scan::scan(&source), source }
    };
    let mut files: Vec<File> = all.map(file).collect();
    let sets: HashSet<String> = files.iter().flat_map(|file| file.scan.sets.iter().cloned()).collect();
    let escape = files.iter().any(|file| file.scan.globals_escape);
    for file in &mut files {
        file.scan.sets.clone_from(&sets);
        file.scan.globals_escape = escape;
    }
    files
}

/// The hook points whose handlers the script defines.
fn guess(scan: &Scan, all: &[Arc<Declaration>]) -> Vec<Arc<Declaration>> {
    all.iter().filter(|of| scan.sets.contains(&of.handler)).cloned().collect()
}

/// A load fault with its place, in the script or in a module.
fn fault_finding(fault: &Fault, files: &[File], hooks: &[Arc<Declaration>], all: &[Arc<Declaration>]) -> Finding {
    let message = fault.to_string();
    let line = line_of(&message);
    let (before, after) = line.and_then(|line| message.split_once(&format!(":{line}: "))).unwrap_or(("", &message));
    // The longest: `lib/a.lua` ends with `a.lua`.
    let named = files.iter().filter(|file| before.ends_with(&file.name)).max_by_key(|file| file.name.len());
    let mut finding = Finding {
        file: named.unwrap_or(&files[0]).name.clone(),
        line,
        column: line.zip(named).and_then(|(line, file)| column_of(&message, line, &file.source)),
        severity: "error",
        cause: Some(fault.cause().to_string()),
        message: after.to_owned(),
    };
    if line.is_none() && message.starts_with("expected a function ") {
        // The handler is missing: what may have been meant for it is where the mistake is.
        let among = if hooks.is_empty() { all } else { hooks };
        let handlers: Vec<&str> = among.iter().map(|of| of.handler.as_str()).collect();
        if hooks.is_empty() {
            finding.message = format!("expected a function called {}, found none", handlers.join(" or "));
        }
        let near = |name: &str| tenterhook::hooks::nearest(name, handlers.iter().copied());
        let mut functions = files.iter().flat_map(|file| file.scan.functions.iter().map(move |f| (file, f)));
        if let Some((file, function, handler)) = functions.find_map(|(file, f)| Some((file, f, near(&f.name)?))) {
            finding.file.clone_from(&file.name);
            (finding.line, finding.column) = (Some(function.place.line), Some(function.place.column));
            finding.message = format!("{}; did you mean '{handler}' by '{}'?", finding.message, function.name);
        }
    }
    finding
}

/// The line in `script.lua:12: what is wrong`.
fn line_of(message: &str) -> Option<u32> {
    let places = message.match_indices(':').filter_map(|(at, _)| {
        let (digits, rest) = message[at + 1..].split_once(':')?;
        rest.starts_with(' ').then(|| digits.parse().ok())?
    });
    places.take(1).next()
}

/// The column of what Lua says the error is near to, where there is one such token on the line.
fn column_of(message: &str, line: u32, source: &Source) -> Option<u32> {
    let tokens = source.tokens();
    let on_line = |place: &Place| place.line == line;
    if message.ends_with("near <eof>") {
        return tokens.last().map(|token| token.place).filter(on_line).map(|place| place.column);
    }
    let near = message.rsplit_once("near '")?.1.strip_suffix('\'')?;
    let mut found = tokens.iter().filter(|token| token.text == near && on_line(&token.place));
    let only = found.next()?;
    found.next().is_none().then_some(only.place.column)
}

fn print(args: &CheckArgs, checked: &Checked, out: &mut dyn Write) -> Result<()> {
    let Checked { hooks, findings, loads } = checked;
    let file = args.file.display();
    for finding in findings {
        let file = if args.file.is_dir() { args.file.join(&finding.file) } else { args.file.clone() };
        let file = file.display();
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        let column = finding.column.map(|column| format!(":{column}")).unwrap_or_default();
        writeln!(out, "{file}{line}{column}: {}: {}", finding.severity, text::plain(&finding.message))?;
    }
    let names: Vec<&str> = hooks.iter().map(|of| of.name.as_str()).collect();
    let names = names.join(", ");
    let guessed = if args.hook.is_none() && !hooks.is_empty() { " (guessed from its functions)" } else { "" };
    let verdict = if *loads { "loads" } else { "does not load" };
    let at = if hooks.is_empty() {
        "; --hook NAME says which hook point it is for".to_owned()
    } else {
        format!(" at {names}")
    };
    let warnings = findings.iter().filter(|finding| finding.severity == "warning").count() as u64;
    let warnings = if warnings > 0 { format!(", {}", text::counted(warnings, "warning")) } else { String::new() };
    writeln!(out, "{file} {verdict}{at}{guessed}{warnings}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_lua_s_words() {
        assert_eq!(line_of("a.lua:12: unexpected symbol near 'x'"), Some(12));
        assert_eq!(line_of("a:b.lua:3: x"), Some(3));
        assert_eq!(line_of("expected a function 'x', found none"), None);
        assert_eq!(line_of("stack overflow: a.lua:7: stack overflow"), Some(7));
    }

    #[test]
    fn a_column_is_given_only_where_there_is_no_doubt() {
        let source = &Source::new(b"x = )\ny = = 3 =\n(");
        assert_eq!(column_of("a.lua:1: unexpected symbol near ')'", 1, source), Some(5));
        assert_eq!(column_of("a.lua:2: unexpected symbol near '='", 2, source), None);
        assert_eq!(column_of("a.lua:3: unexpected symbol near <eof>", 3, source), Some(2));
        assert_eq!(column_of("a.lua:3: oh no", 3, source), None);
    }

    #[test]
    fn hook_points_are_guessed_from_functions() {
        let names = |source: &str| -> Vec<String> {
            let all = setup::hook_points(&LiveArgs::default()).expect("the catalog");
            guess(&scan::scan(&Source::new(source.as_bytes())), &all).iter().map(|of| of.name.clone()).collect()
        };
        assert_eq!(names("function route_match() end"), ["bgp.route_match"]);
        assert_eq!(names("process = function() end peer_status = 1"), ["bgp.process", "bgp.peer_status"]);
        assert_eq!(names("local function route_match() end"), Vec::<String>::new());
    }

    fn findings(source: &str, hook: Option<&str>) -> (bool, Vec<String>) {
        let script = Script { name: "a.lua".to_owned(), source: source.as_bytes().to_vec(), ..Script::default() };
        let policy = PolicyArgs { policy: None, tenant: None };
        let checked = check(&script, hook, &policy, &LiveArgs::default()).expect("a sandbox");
        let place = |n: Option<u32>| n.map_or("?".to_owned(), |n| n.to_string());
        let line = |f: &Finding| format!("{}:{}: {}: {}", place(f.line), place(f.column), f.severity, f.message);
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
                "?:?: error: expected a function called route_match or process or peer_status or rpki_prefix_status or \
                 rib_update or interface_add or interface_del or interface_up or interface_down, found none",
            ),
        ];
        for (source, hook, loads, finding) in cases {
            let (found_loads, found) = findings(source, hook);
            assert_eq!(found_loads, loads, "{source}: {found:?}");
            assert_eq!(found.join("; "), finding, "{source}");
        }
    }
}

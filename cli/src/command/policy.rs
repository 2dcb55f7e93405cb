//! `tenterhook policy`: shows a policy, checks a policy file, and explains which rule sets each value.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};
use tenterhook::hooks::schema::Declaration;
use tenterhook::policies::Policy;
use tenterhook_control_api::explain;

use crate::exit::Exit;
use crate::live::{self, LiveArgs, print_json};
use crate::{input, setup, text};

/// Shows the policy in force, checks a policy file, or explains which rule sets each value
#[derive(Debug, Args)]
pub struct PolicyCommandArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
enum PolicyCommand {
    /// Shows the policy of a running program
    Show {
        #[command(flatten)]
        live: LiveArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Checks a policy file and reports all of its errors
    Check {
        /// Policy file (TOML)
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Also check its hook points and results against the built-in hook points
        #[arg(long, conflicts_with = "socket")]
        catalog: bool,
        /// Also check it against the hook points of the running program
        #[command(flatten)]
        live: LiveArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Explains what a tenant gets at a hook point, by which rule, and where that is written
    Explain {
        /// Tenant
        #[arg(value_name = "TENANT")]
        tenant: String,
        /// Hook point
        #[arg(value_name = "HOOK")]
        hook: String,
        /// Policy file to use instead of the running program's policy
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
        #[command(flatten)]
        live: LiveArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub fn run(args: &PolicyCommandArgs, out: &mut dyn Write) -> Result<Exit> {
    match &args.command {
        PolicyCommand::Show { live, json } => {
            let policy: Json = live.client()?.get("/v1/policy", &[])?;
            if *json { print_json(&policy, out)? } else { show(&policy, out)? }
        }
        PolicyCommand::Check { file, catalog, live, json } => {
            let policy = setup::read_policy(file)?;
            if *catalog || live.socket.is_some() {
                fits(&policy, &setup::hook_points(live)?)?;
            }
            let tenants: Vec<&str> = policy.tenants().collect();
            let hooks: Vec<&str> = policy.hooks().collect();
            if *json {
                let report = json!({ "file": file.display().to_string(), "tenants": tenants, "hooks": hooks });
                print_json(&report, out)?;
            } else {
                let named = |what: &str, names: &[&str]| match names {
                    [] => format!("no {what}s"),
                    names => format!("{}: {}", text::counted(names.len() as u64, what), names.join(", ")),
                };
                let (tenants, hooks) = (named("tenant", &tenants), named("hook point", &hooks));
                writeln!(out, "{} is a valid policy\n{tenants}\n{hooks}", input::name(file))?;
            }
        }
        PolicyCommand::Explain { tenant, hook, policy, live, json } => {
            let explained = match policy {
                Some(file) => serde_json::to_value(explain(&setup::read_policy(file)?, tenant, hook)?)?,
                None => {
                    let client = live.client()?;
                    live::hook_point(&client, hook)?;
                    let query = [("tenant", tenant.clone()), ("hook", hook.clone())];
                    client.get("/v1/policy/explain", &query)?
                }
            };
            if *json {
                print_json(&explained, out)?;
            } else {
                writeln!(out, "{tenant} at {hook}\n")?;
                rules(&explained["rules"], out)?;
            }
        }
    }
    Ok(Exit::Result)
}

/// Checks whether the policy's rules can work at these hook points; returns all errors.
fn fits(policy: &Policy, points: &[Arc<Declaration>]) -> Result<()> {
    let known = || points.iter().map(|point| point.name.as_str());
    let mut problems = Vec::new();
    for (name, written) in policy.hooks_written().filter(|(name, _)| !known().any(|known| known == *name)) {
        let place = written.map_or_else(|| policy.file().to_owned(), |origin| format!("{origin}: {}", origin.section));
        let near = tenterhook::hooks::nearest(name, known());
        let near = near.map_or_else(
            || format!("expected one of {}", known().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean {near}?"),
        );
        problems.push(format!("{place}: no hook point {name}; {near}"));
    }
    // The program decides whether deadlines are allowed.
    if let Err(refused) = tenterhook::check_policy(policy, points.iter().map(|point| &**point), true) {
        problems.push(refused.to_string());
    }
    if problems.is_empty() { Ok(()) } else { bail!("{}", problems.join("\n")) }
}

/// A table of rules with their values and where they are set.
pub fn rules(rules: &Json, out: &mut dyn Write) -> Result<()> {
    let mut table = text::table(&["rule", "value", "written"]);
    let mut row = |name: String, rule: &Json| {
        if rule.is_object() {
            table.add_row([name, value(rule), origin(&rule["origin"])]);
        }
    };
    for (name, rule) in rules["budget"].as_object().into_iter().flatten() {
        row(name.clone(), rule);
    }
    row("state".to_owned(), &rules["state"]);
    for section in ["on_fault", "on_denied"] {
        for (cause, rule) in rules[section].as_object().into_iter().flatten() {
            row(format!("{section}.{cause}"), rule);
        }
    }
    // Rules that only this or a later version of the program has.
    for (name, rule) in rules.as_object().into_iter().flatten() {
        if name != "state" && rule["origin"].is_object() {
            row(name.clone(), rule);
        }
    }
    for section in ["quota", "tenant"] {
        for (name, rule) in rules[section].as_object().into_iter().flatten() {
            row(format!("{section}.{name}"), rule);
        }
    }
    for grant in rules["grants"].as_array().into_iter().flatten() {
        let name = format!("grant {}", word(&grant["capability"]));
        table.add_row([name, word(&grant["reason"]), origin(&grant["origin"])]);
    }
    text::print_fitted(table, &[1, 2], &[], out)?;
    Ok(())
}

fn show(policy: &Json, out: &mut dyn Write) -> Result<()> {
    let list = |key: &str| -> String {
        let names: Vec<String> = policy[key].as_array().into_iter().flatten().map(word).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    writeln!(out, "file           {}", word(&policy["file"]))?;
    writeln!(out, "tenants        {}; unknown ones: {}", list("tenants"), word(&policy["unknown_tenants"]))?;
    writeln!(out, "hook points    {}", list("hooks"))?;
    for operator in policy["operators"].as_array().into_iter().flatten() {
        let tenants: Vec<String> = operator["tenants"].as_array().into_iter().flatten().map(word).collect();
        let (who, may) = (word(&operator["who"]), word(&operator["may"]));
        writeln!(out, "operator       {who} may {may} {}, {}", tenants.join(", "), origin(&operator["origin"]))?;
    }
    let mut table = text::table(&["ceiling", "value", "written"]);
    for (name, rule) in policy["ceilings"].as_object().into_iter().flatten() {
        table.add_row([name.clone(), value(rule), origin(&rule["origin"])]);
    }
    writeln!(out)?;
    text::print_fitted(table, &[1, 2], &[], out)?;
    writeln!(out, "\nRules that apply unless a more specific one does:\n")?;
    rules(&policy["defaults"], out)
}

fn value(rule: &Json) -> String {
    match rule["text"].as_str() {
        Some(text) => text::plain(text),
        None => word(&rule["value"]),
    }
}

/// `policy.toml:3, tenants.acme`.
fn origin(origin: &Json) -> String {
    let line = origin["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
    let section = origin["section"].as_str().filter(|section| !section.is_empty());
    let section = section.map(|section| format!(", {section}")).unwrap_or_default();
    text::plain(&format!("{}{line}{section}", word(&origin["file"])))
}

fn word(json: &Json) -> String {
    text::plain(&json.as_str().map_or_else(|| json.to_string(), str::to_owned))
}

#[cfg(test)]
mod tests {
    use tenterhook::policies::Policy;

    use super::*;

    #[test]
    fn a_file_explains_itself() -> Result<()> {
        let policy = Policy::parse("[tenants.acme]\nfuel = \"50M\"\n", "p.toml")?;
        let explained = serde_json::to_value(explain(&policy, "acme", "bgp.route_match")?)?;
        let mut out = Vec::new();
        rules(&explained["rules"], &mut out)?;
        let text = String::from_utf8(out)?;
        let fuel: Vec<&str> =
            text.lines().find(|line| line.contains("fuel ")).unwrap_or_default().split_whitespace().collect();
        assert_eq!(fuel, ["fuel", "50", "M", "p.toml:2,", "tenants.acme"], "{text}");
        assert!(text.contains("memory"), "{text}");
        Ok(())
    }

    #[test]
    fn a_program_s_rules_are_shown_with_their_sections() -> Result<()> {
        let origin = json!({ "file": "p.toml", "line": 3, "section": "tenants.acme" });
        let json = json!({
            "budget": { "fuel": { "value": 5, "text": "5", "origin": origin } },
            "on_fault": { "any": { "value": "skip", "text": "skip", "origin": origin } },
            "grants": [{ "capability": "kv", "reason": "counts", "origin": origin }],
        });
        let mut out = Vec::new();
        rules(&json, &mut out)?;
        let text = String::from_utf8(out)?;
        for row in ["fuel", "on_fault.any", "grant kv"] {
            assert!(
                text.lines().any(|line| line.contains(row) && line.contains("p.toml:3, tenants.acme")),
                "{row}: {text}"
            );
        }
        Ok(())
    }
}

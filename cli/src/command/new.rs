//! `tenterhook new`: creates a script, its policy, a test and the files that editors need.
//!
//! ```text
//! DIR/route_match.lua     the handler, with annotated arguments and answer
//! DIR/policy.toml         the tenant's budget
//! DIR/tests/default.json  arguments and the expected result                    (tenterhook test DIR)
//! DIR/types/              definitions                                           (tenterhook types)
//! DIR/.luarc.json         lets editors find them
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value as Json, json};
use tenterhook::hooks::codec::Answer;
use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::policies::Policy;

use super::types;
use crate::exit::Exit;
use crate::live::LiveArgs;
use crate::{sample, setup, text};

/// Creates a script with a handler, a policy and a test
#[derive(Debug, Args)]
pub struct NewArgs {
    /// Hook point that the script is for
    #[arg(long, value_name = "NAME")]
    hook: String,
    /// Tenant that the script runs for
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// Folder to create; by default named after the handler
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    #[command(flatten)]
    live: LiveArgs,
}

/// Runs the command.
pub fn run(args: &NewArgs, out: &mut dyn Write) -> Result<Exit> {
    let of = setup::hook_point(&args.hook, &args.live)?;
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from(&of.handler));
    let files = files(&of, &args.tenant)?;
    if let Some(there) = files.keys().map(|name| folder.join(name)).find(|path| path.exists()) {
        bail!("{} already exists; nothing was written", text::path(&there));
    }
    for (name, text) in &files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(&folder);
        std::fs::create_dir_all(parent).with_context(|| format!("folder {}", text::path(parent)))?;
        std::fs::write(&path, text).with_context(|| format!("writing {}", text::path(&path)))?;
        writeln!(out, "{}", text::path(&path))?;
    }
    types::write(&folder.join("types"), &types::files(std::slice::from_ref(&of)))?;
    writeln!(out, "{}/", text::path(&folder.join("types")))?;
    let (dir, script) = (text::path(&folder), folder.join(format!("{}.lua", of.handler)));
    let script = text::path(&script);
    writeln!(out, "\nNext:")?;
    writeln!(out, "  edit {script}")?;
    writeln!(out, "  tenterhook check {script} --policy {dir}/policy.toml --tenant {}", args.tenant)?;
    writeln!(out, "  tenterhook test {dir}")?;
    writeln!(out, "  tenterhook attach {script} --hook {} --tenant {}", of.name, args.tenant)?;
    Ok(Exit::Result)
}

/// The files by name.
fn files(of: &Declaration, tenant: &str) -> Result<BTreeMap<String, String>> {
    let policy = policy(of, tenant);
    // A tenant name that no policy accepts is better rejected now.
    Policy::parse(&policy, "policy.toml").with_context(|| format!("--tenant {tenant}"))?;
    let test = json!({
        "hook": of.name,
        "script": format!("../{}.lua", of.handler),
        "policy": "../policy.toml",
        "tenant": tenant,
        "arguments": sample::json(of),
        "result": of.answer_to_json(&Answer::empty()),
    });
    Ok(BTreeMap::from([
        (format!("{}.lua", of.handler), script(of)),
        ("policy.toml".to_owned(), policy),
        ("tests/default.json".to_owned(), format!("{test:#}\n")),
        (".luarc.json".to_owned(), types::configuration("types")),
    ]))
}

fn script(of: &Declaration) -> String {
    let mut out = format!("-- {}: {}\n", of.name, text::first_paragraph(&of.doc));
    out.push_str("-- `tenterhook hooks ");
    out.push_str(&of.name);
    out.push_str("` shows every argument and result.\n\n");
    out.push_str(&types::head(of));
    for argument in of.arguments.iter().filter(|argument| argument.inout) {
        let name = &argument.name;
        out.push_str(&format!("    -- Changes of {name} take effect only if the answer contains {name} = {name}.\n"));
    }
    out.push_str("    -- A missing result has its default.\n");
    let results: Vec<String> =
        of.results.iter().map(|result| format!("{} = {}", result.name, lua(of, result))).collect();
    match &results[..] {
        [] => out.push_str("    return {}\n"),
        results => out.push_str(&format!("    return {{ {} }}\n", results.join(", "))),
    }
    out.push_str("end\n");
    out
}

/// A result's default as Lua.
fn lua(of: &Declaration, result: &tenterhook::hooks::schema::ResultField) -> String {
    let default = result.default.to_json(&result.ty);
    if let (Type::Enum(e), Some(name)) = (&result.ty, default.as_str()) {
        // A constant of the hook point, if it has one: FRR's scripts are written like that.
        let value = e.variants.iter().find(|variant| variant.name == name).map(|variant| variant.value);
        let constant = of.constants.iter().find(|c| c.name.ends_with(name) && Some(c.value) == value);
        return constant.map_or_else(|| format!("\"{name}\""), |constant| constant.name.clone());
    }
    table(&default)
}

fn table(json: &Json) -> String {
    match json {
        Json::Null => "nil".to_owned(),
        Json::String(text) => format!("\"{}\"", text.escape_default()),
        Json::Array(items) => format!("{{ {} }}", items.iter().map(table).collect::<Vec<_>>().join(", ")),
        Json::Object(fields) => {
            let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name} = {}", table(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

fn policy(of: &Declaration, tenant: &str) -> String {
    format!(
        "# What {tenant}'s scripts may use per call. `tenterhook policy explain {tenant} {}` says what comes of it.\n\
         preset = \"strict\"\n\n\
         [tenants.\"{tenant}\"]\n\
         fuel = \"1M\"\n\
         memory = \"1MiB\"\n\n\
         # A script that fails is as if it were not there.\n\
         [tenants.\"{tenant}\".on_fault]\n\
         any = \"skip\"\n",
        of.name
    )
}

#[cfg(test)]
mod tests {
    use tenterhook_bgp::catalog;

    use super::*;

    #[test]
    fn a_new_script_says_what_it_takes_and_gives() -> Result<()> {
        let of = catalog::find("bgp.route_match").expect("in the catalog");
        let files = files(of, "acme")?;
        let script = &files["route_match.lua"];
        for line in [
            "---@param attributes bgp.Attributes",
            "---@return bgp.route_match.Answer?",
            "function route_match(prefix, attributes, peer)",
            "    -- Changes of attributes take effect only if the answer contains attributes = attributes.",
            "    return { action = RM_NOMATCH }",
        ] {
            assert!(script.lines().any(|written| written == line), "{line}\n{script}");
        }
        Ok(())
    }

    #[test]
    fn a_tenant_that_no_policy_takes_is_refused() {
        let of = catalog::find("bgp.process").expect("in the catalog");
        assert!(files(of, "a b").is_err());
        assert!(files(of, "a\"]\nx = 1").is_err());
    }
}

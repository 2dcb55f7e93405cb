//! `tenterhook hooks`: lists the hook points, or shows one of them in full.

use std::io::{self, Write};

use anyhow::Result;
use clap::Args;
use comfy_table::Table;
use serde_json::{Value as Json, json};
use tenterhook::hooks::schema::{Chain, Declaration, EnumType, Type};
use tenterhook_bgp::catalog;
use tenterhook_control_api::Hooks;

use crate::exit::Exit;
use crate::live::{self, LiveArgs, print_json, protection};
use crate::{sample, setup, text};

/// Lists the hook points, or shows one with its arguments, results and defaults
#[derive(Debug, Args)]
pub struct HooksArgs {
    /// Hook point, such as bgp.route_match; by default all of them
    #[arg(value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &HooksArgs, out: &mut dyn Write) -> Result<Exit> {
    match (&args.name, args.live.client_if_named()?) {
        (None, None) if args.json => {
            // The same summary as in a running program; without one, nothing is attached.
            let summary = |declaration: &Declaration| {
                let mut summary = declaration.summary();
                summary["attachments"] = 0.into();
                summary["protection"] = Json::Null;
                summary
            };
            let all: Vec<Json> = catalog::all().iter().map(|declaration| summary(declaration)).collect();
            print_json(&json!({ "hooks": all }), out)?;
        }
        (None, None) => list(out)?,
        (None, Some(client)) => {
            let answer: Json = client.get("/v1/hooks", &[])?;
            if args.json { print_json(&answer, out)? } else { list_live(&serde_json::from_value(answer)?, out)? }
        }
        (Some(name), None) if args.json => {
            let declaration = setup::catalog_hook_point(name)?;
            let mut json = declaration.to_json();
            json["sample"] = sample::json(declaration);
            print_json(&json, out)?;
        }
        (Some(name), Some(client)) if args.json => {
            let mut answer: Json = client.get(&format!("/v1/hooks/{}", live::encoded(name)), &[])?;
            answer["sample"] = sample::json(&*live::declaration(name, &answer)?);
            print_json(&answer, out)?;
        }
        (Some(name), _) => show(&*setup::hook_point(name, &args.live)?, out)?,
    }
    Ok(Exit::Result)
}

/// The hook points of a running program, with the number of attachments.
fn list_live(answer: &Hooks, out: &mut dyn Write) -> Result<()> {
    let mut table = text::table(&["hook point", "chain", "attached", "handler", "about"]);
    for hook in &answer.hooks {
        table.add_row([
            text::plain(&hook.name).into(),
            text::plain(&hook.chain).into(),
            text::right(hook.attachments),
            text::plain(&hook.signature).into(),
            comfy_table::Cell::new(text::first_paragraph(&text::plain(&hook.doc))),
        ]);
    }
    text::print_fitted(table, &[3, 4], &[3, 1], out)?;
    for of in answer.hooks.iter().filter_map(|hook| hook.protection.as_ref()) {
        writeln!(out, "{}", protection(of))?;
    }
    writeln!(out, "\ntenterhook hooks NAME shows one in full")?;
    Ok(())
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    let mut table = text::table(&["hook point", "chain", "arguments", "results", "about"]);
    for declaration in catalog::all() {
        let arguments: Vec<&str> = declaration.arguments.iter().map(|argument| argument.name.as_str()).collect();
        let results: Vec<&str> = declaration.results.iter().map(|result| result.name.as_str()).collect();
        table.add_row([
            declaration.name.clone(),
            chain(declaration.chain).to_owned(),
            arguments.join(", "),
            results.join(", "),
            text::first_paragraph(&declaration.doc),
        ]);
    }
    text::print_fitted(table, &[2, 3, 4], &[3, 2, 1], out)?;
    writeln!(out, "\ntenterhook hooks NAME shows one in full")
}

fn chain(chain: Chain) -> &'static str {
    match chain {
        Chain::First => "first",
        Chain::Observe => "observe",
    }
}

fn show(of: &Declaration, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}, version {}", of.name, of.version)?;
    for paragraph in of.doc.split("\n\n") {
        writeln!(out, "{}", text::first_paragraph(paragraph))?;
    }
    let parameters = of.arguments.iter().map(|argument| argument.name.as_str());
    let parameters: Vec<&str> = parameters.chain(of.constants.iter().map(|constant| constant.name.as_str())).collect();
    let sharing = match of.chain {
        Chain::First => "first: attachments run in order until one gives an answer other than the default",
        Chain::Observe => "observe: every attachment runs; answers are validated and discarded",
    };
    writeln!(out, "\nhandler      function {}({})", of.handler, parameters.join(", "))?;
    writeln!(out, "chain        {sharing}")?;
    writeln!(out, "fingerprint  {}", of.fingerprint())?;
    if let Some(closed) = &of.closed {
        writeln!(out, "closed       {}, while protection is missing", closed.lines(of).join(", "))?;
    }
    if !of.required.is_empty() {
        let required: Vec<String> = of.required.iter().map(ToString::to_string).collect();
        writeln!(out, "requires     {}", required.join(", "))?;
    }
    writeln!(out)?;

    let mut enums: Vec<&EnumType> = Vec::new();
    let mut table = text::table(&["argument", "type", "change", "about"]);
    for argument in &of.arguments {
        let change = if argument.inout { "in and out" } else { "" };
        add(&mut table, 0, &argument.name, &argument.ty, change, &argument.doc);
        fields(&mut table, 1, &argument.ty, argument.inout, &mut enums);
    }
    text::print_fitted(table, &[1, 3], &[2], out)?;

    if !of.constants.is_empty() {
        let mut table = text::table(&["constant", "value"]);
        for constant in &of.constants {
            table.add_row([constant.name.clone(), constant.value.to_string()]);
        }
        writeln!(out)?;
        text::print(&table, out)?;
    }
    if !of.results.is_empty() {
        let mut table = text::table(&["result", "type", "default", "about"]);
        for result in &of.results {
            let default = result.default.to_json(&result.ty);
            let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            add(&mut table, 0, &result.name, &result.ty, &default, &result.doc);
            fields(&mut table, 1, &result.ty, false, &mut enums);
        }
        writeln!(out)?;
        text::print_fitted(table, &[1, 3], &[2], out)?;
    }
    for of in enums {
        let mut table = text::table(&[&of.name, "integer", "about"]);
        for variant in &of.variants {
            table.add_row([variant.name.clone(), variant.value.to_string(), text::first_paragraph(&variant.doc)]);
        }
        writeln!(out)?;
        text::print_fitted(table, &[2], &[1], out)?;
    }
    writeln!(out, "\nsample       {}", sample::json(of))
}

fn add(table: &mut Table, depth: usize, name: &str, ty: &Type, note: &str, doc: &str) {
    let name = format!("{}{name}", "  ".repeat(depth));
    table.add_row([name, ty.to_string(), note.to_owned(), text::first_paragraph(doc)]);
}

/// Rows for the parts of the type; enums are collected for tables of their own.
fn fields<'a>(table: &mut Table, depth: usize, ty: &'a Type, changeable: bool, enums: &mut Vec<&'a EnumType>) {
    match ty {
        Type::Record(record) => {
            for field in &record.fields {
                let note = if changeable && field.writable { "writable" } else { "" };
                add(table, depth, &field.name, &field.ty, note, &field.doc);
                fields(table, depth + 1, &field.ty, changeable, enums);
            }
        }
        Type::Optional(inner) => fields(table, depth, inner, changeable, enums),
        // Elements change only with the whole list.
        Type::List { element: inner, .. } | Type::Map { value: inner, .. } => fields(table, depth, inner, false, enums),
        Type::Enum(of) if !enums.iter().any(|known| known.name == of.name) => enums.push(of),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(name: Option<&str>, json: bool) -> String {
        let mut out = Vec::new();
        run(&HooksArgs { name: name.map(str::to_owned), live: LiveArgs::default(), json }, &mut out)
            .expect("a hook point of the catalog");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn every_hook_point_is_listed_and_shown() {
        let list = output(None, false);
        for declaration in catalog::all() {
            assert!(list.contains(&declaration.name), "{list}");
            let shown = output(Some(&declaration.name), false);
            assert!(shown.contains(&declaration.fingerprint().to_string()), "{shown}");
            let json: Json = serde_json::from_str(&output(Some(&declaration.name), true)).expect("JSON");
            assert!(declaration.arguments_from_json(&json["sample"]).is_ok(), "the sample is good for --args");
        }
    }

    #[test]
    fn nested_fields_are_indented_and_enums_explained() {
        let shown = output(Some("bgp.route_match"), false);
        for line in ["  metric ", "    configured ", "      hold ", "RM_MATCH_AND_CHANGE", "NOMATCH"] {
            assert!(shown.contains(line), "{line:?} is missing in\n{shown}");
        }
    }
}

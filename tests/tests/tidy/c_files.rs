//! No two C files of the FRR modules need each other: what one defines for others is named `th_…`.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::plain;
use crate::modules::{Circle, circles_in};
use crate::workspace::{files, nothing};

/// Folders whose files are linked into one module each, with `common` or, for vtysh, what it has of that.
const MODULES: [&str; 3] = ["bgpd", "zebra", "vtysh"];

#[test]
fn no_two_c_files_need_each_other() {
    let mut problems = Vec::new();
    for module in MODULES {
        let inside = files().into_iter().filter_map(|(name, path)| {
            let of = name.strip_prefix("frr/")?.to_owned();
            let (folder, file) = of.split_once('/')?;
            let ours = [module, "common"].contains(&folder) && file.ends_with(".c") && file != "stub.c";
            ours.then(|| (of, std::fs::read_to_string(path).unwrap()))
        });
        let inside: Vec<(String, String)> = inside.collect();
        assert!(inside.len() > MODULES.len(), "{module}: its files are here");
        let found = circles(inside.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        problems.extend(found.iter().map(|circle| format!("frr: {}", circle.uses.join(", "))));
    }
    nothing(&problems);
}

fn circles<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Circle> {
    let files: Vec<(&str, String)> = files.map(|(name, text)| (name, plain(text))).collect();
    let mut owners = BTreeMap::new();
    for (file, code) in &files {
        owners.extend(code.lines().filter_map(defined).map(|name| (name, *file)));
    }
    let mut graph: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (file, code) in &files {
        let edges = graph.entry((*file).to_owned()).or_default();
        for (number, line) in code.lines().enumerate() {
            let uses: BTreeSet<&str> = words(line).collect();
            for owner in uses.iter().filter_map(|name| owners.get(name)).filter(|owner| *owner != file) {
                edges.entry((*owner).to_owned()).or_insert_with(|| format!("{file}:{}", number + 1));
            }
        }
    }
    circles_in("frr", &graph)
}

/// The function or variable that a line at the margin defines for other files.
fn defined(line: &str) -> Option<&str> {
    let own = ["extern ", "static "];
    if !line.starts_with(|first: char| first.is_ascii_alphabetic()) || own.iter().any(|start| line.starts_with(start)) {
        return None;
    }
    let end = line.find(['(', '=', ';', '['])?;
    words(&line[..end]).last().filter(|name| line[..end].trim_end().ends_with(name))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| word.starts_with("th_"))
}

#[test]
fn a_circle_of_c_files_is_found() {
    let found = |b: &'static str| {
        let a = "struct th_point *th_first;\nvoid th_a(void)\n{\n\tth_b();\n}\n";
        circles([("a.c", a), ("b.c", b)].into_iter()).len()
    };
    assert_eq!(found("void th_b(void)\n{\n}\n"), 0);
    assert_eq!(found("void th_b(void)\n{\n\tth_a();\n}\n"), 1, "a call");
    assert_eq!(found("void th_b(void)\n{\n\treturn th_first;\n}\n"), 1, "a variable");
    assert_eq!(found("extern void th_a(void);\nvoid th_b(void)\n{\n}\n"), 1, "a declaration of one's own");
    assert_eq!(found("void th_b(void)\n{\n\t/* th_a() */\n}\n"), 0, "a comment");
}

//! Names that belong to one place: the engine's to the sandbox, the server's to the control plane, BGP to its crate.

use crate::workspace::{CRATES, nothing, rust};

/// Crates that try the others, and may name whatever they like.
const TRYING: [&str; 3] = ["tests", "benches", "examples"];

/// Words of code, and the files that may have them.
const PLACES: [(&[&str], &[&str]); 2] =
    [(&["wasmtime", "cranelift"], &["sandbox/"]), (&["axum", "tokio", "hyper", "hyper_util"], &["control/", "cli/"])];

/// Folders that know nothing of BGP, nor of the router that speaks it; those of them that there are.
const WITHOUT_BGP: [&str; 6] = ["hooks/", "policies/", "sandbox/", "host/", "control/", "control-api/"];

/// What only BGP's own crate, the modules for FRR and the command speak of.
const BGP: [&str; 19] = [
    "bgp",
    "mrt",
    "zebra",
    "frr",
    "rpki",
    "communit",
    "as path",
    "as_path",
    "aspath",
    "as number",
    "next hop",
    "next_hop",
    "route map",
    "route_match",
    "routematch",
    "localpref",
    "local preference",
    "remote_as",
    "peer_as",
];

#[test]
fn the_engine_and_the_server_are_named_where_they_belong() {
    let mut problems = Vec::new();
    let ours = |name: &str| {
        let of = |folder: &str| name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        CRATES.iter().any(|(folder, ..)| of(folder)) && !TRYING.iter().any(|folder| of(folder))
    };
    for (name, text) in rust().into_iter().filter(|(name, _)| ours(name)) {
        for (words, places) in PLACES {
            if places.iter().any(|place| name.starts_with(place)) {
                continue;
            }
            for (number, line) in (1..).zip(text.lines()) {
                let code = line.split("//").next().unwrap_or_default();
                if words_of(code).any(|word| words.contains(&word)) {
                    problems.push(format!("{name}:{number}: {}", line.trim()));
                }
            }
        }
    }
    nothing(&problems);
}

#[test]
fn only_its_own_crate_speaks_of_bgp() {
    let mut problems = Vec::new();
    for (name, text) in rust().into_iter().filter(|(name, _)| WITHOUT_BGP.iter().any(|folder| name.starts_with(folder)))
    {
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.to_lowercase();
            if let Some(word) = BGP.iter().find(|word| line.contains(*word)) {
                problems.push(format!("{name}:{number}: '{word}' in: {}", line.trim()));
            }
        }
    }
    nothing(&problems);
}

fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
}

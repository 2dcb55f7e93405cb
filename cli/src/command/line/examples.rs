//! Examples, for `--help` and the manual. A test parses each of them.

use std::fmt::Write as _;

/// A command line, and its effect.
pub struct Example {
    /// The command, such as `quarantine lift`.
    pub of: &'static str,
    pub line: &'static str,
    pub about: &'static str,
}

const fn example(of: &'static str, line: &'static str, about: &'static str) -> Example {
    Example { of, line, about }
}

/// All examples, by command.
pub const EXAMPLES: &[Example] = &[
    example(
        "hooks",
        "tenterhook hooks",
        "every hook point of the running program, or of the built-in catalog without one",
    ),
    example("hooks", "tenterhook hooks bgp.route_match", "one hook point in full: arguments, results, enums"),
    example("list", "tenterhook list", "everything that is attached"),
    example("list", "tenterhook list -t acme --watch", "acme's attachments, printed again after each change"),
    example("show", "tenterhook show acme/admit", "script, rules and statistics"),
    example("show", "tenterhook show acme/admit --source", "only the script's text"),
    example("attach", "tenterhook attach limit.lua -H demo.admit -t acme", "attach a script as acme/admit"),
    example("attach", "tenterhook attach limit.lua -H demo.admit -t acme --dry-run", "load it without attaching it"),
    example(
        "attach",
        "tenterhook attach slow.lua -H demo.admit -t peer --before acme/admit",
        "attach it before another attachment",
    ),
    example("replace", "tenterhook replace acme/admit limit.lua", "replace its script"),
    example("detach", "tenterhook detach acme/admit peer/admit", "detach two attachments"),
    example("enable", "tenterhook enable acme/admit", "enable an attachment"),
    example("disable", "tenterhook disable acme/admit", "disable it without detaching it"),
    example("adopt", "tenterhook adopt acme/admit", "attach a broken attachment as its files are now"),
    example("discard", "tenterhook discard acme/admit", "remove the files of a broken attachment"),
    example("move", "tenterhook move acme/admit --before peer/admit", "run it earlier"),
    example("copy", "tenterhook copy acme/admit -H demo.served --name served", "the same script at another hook point"),
    example("apply", "tenterhook apply attachments --dry-run", "show the changes without making them"),
    example("apply", "tenterhook apply attachments -t acme --yes", "apply acme's folder without confirmation"),
    example("pull", "tenterhook pull attached", "write the attachments as a folder for apply"),
    example("stats", "tenterhook stats", "calls, answers, failures, fuel and time of every attachment"),
    example("stats", "tenterhook stats acme/admit --json", "one attachment, as JSON"),
    example("top", "tenterhook top --by tenant --sort cpu", "which tenant costs most, live"),
    example("top", "tenterhook top --json --count 5", "five samples, one line of JSON each"),
    example("tail", "tenterhook tail -t acme", "acme's log lines, faults and denials as they happen"),
    example("tail", "tenterhook tail -k call --sample 100 -n 5", "five sampled calls with arguments and answers"),
    example("events", "tenterhook events", "who changed what"),
    example("events", "tenterhook events --follow --json", "follow new events, as JSON"),
    example("policy show", "tenterhook policy show", "the policy in force"),
    example("policy check", "tenterhook policy check policy.toml", "all errors of a policy file"),
    example(
        "policy explain",
        "tenterhook policy explain acme demo.admit",
        "which rule sets each value, and where it is written",
    ),
    example("quarantine list", "tenterhook quarantine list", "attachments in quarantine, and until when"),
    example("quarantine lift", "tenterhook quarantine lift acme/admit", "end a quarantine now"),
    example("new", "tenterhook new -H bgp.route_match -t acme", "a new script, in route_match/"),
    example("types", "tenterhook types", "editor definitions of every hook point"),
    example("check", "tenterhook check route_match/route_match.lua", "errors and warnings with file, line and column"),
    example("check", "tenterhook check limit.lua -H demo.admit -p policy.toml -t acme", "under acme's policy"),
    example("test", "tenterhook test route_match", "every test of a folder"),
    example("call", "tenterhook call -H bgp.route_match --script import.lua", "one call with sample arguments"),
    example("call", "tenterhook call -H demo.admit --args request.json", "fire the running program's hook point"),
    example("replay", "tenterhook replay -H bgp.route_match --script import.lua --mrt updates.gz", "real routes"),
    example("demo", "tenterhook demo", "three tenants' scripts, two of them hostile"),
    example("completions", "tenterhook completions bash", "for bash: source <(tenterhook completions bash)"),
    example("man", "tenterhook man man1", "manual pages, in man1/"),
    example("survive", "tenterhook survive memory", "the hostile cases with \"memory\" in their names"),
];

impl Example {
    /// The words of the line, as a shell splits it.
    #[cfg(test)]
    pub fn words(&self) -> Vec<String> {
        self.line.split(' ').map(str::to_owned).collect()
    }
}

/// The examples of a command and its subcommands; for the empty path, the first of each.
pub fn of(path: &str) -> impl Iterator<Item = &'static Example> {
    let below = format!("{path} ");
    EXAMPLES.iter().enumerate().filter_map(move |(at, example)| {
        let is_first = at == 0 || EXAMPLES[at - 1].of != example.of;
        let is_wanted = match path {
            "" => is_first,
            path => example.of == path || example.of.starts_with(&below),
        };
        is_wanted.then_some(example)
    })
}

/// The examples as `--help` shows them.
pub fn help(path: &str) -> Option<String> {
    let mut help = String::from("Examples:");
    for example in of(path) {
        // Writing to a string does not fail.
        let _ = write!(help, "\n  {}\n      {}", example.line, example.about);
    }
    (help.len() > "Examples:".len()).then_some(help)
}

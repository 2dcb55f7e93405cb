//! Which modules of a crate need each other, read from its files as text.
//!
//! Every path in a file's code that starts with `crate`, `super`, `self` or the name of a child module is followed to the
//! module that it names, through what modules import from elsewhere. It is an edge between siblings: from within
//! `crate::c::d`, a use of `crate::a::b` is the edge c → a among the modules of the crate's root.
//!
//! A parent's own items are a sibling of its children, called [`ITSELF`]:
//! - a child that uses an item of its parent's own has an edge to it; what the parent only passes on (`use` of something
//!   from elsewhere) is the module's that it comes from;
//! - the parent has an edge to a child whose items its own code uses; what it only re-exports (`pub use` of a name that
//!   occurs nowhere else in its file) is none.
//!
//! Code for tests alone (`#[cfg(test)]`, `#[cfg(doctest)]`) counts for nothing, nor do comments and literals.

use std::collections::{BTreeMap, BTreeSet};

use crate::code::Source;

/// The parent's own items, among its children.
pub const ITSELF: &str = "(itself)";

/// Imports of imports are followed so far.
const MOST_STEPS: usize = 16;

/// Modules by their path from the root.
type Module = Vec<String>;

/// For each module with children: which of them uses which, and where it says so first.
type Graphs = BTreeMap<Module, BTreeMap<String, BTreeMap<String, String>>>;

/// Siblings that need each other.
#[derive(Debug, PartialEq, Eq)]
pub struct Circle {
    /// The module that they are in, such as `codec`; empty for the root.
    pub parent: String,
    /// Their names.
    pub siblings: BTreeSet<String>,
    /// Each use of one by another, and where it stands.
    pub uses: Vec<String>,
}

/// The modules of a crate.
pub struct Crate {
    files: BTreeMap<Module, (String, Source)>,
}

impl Crate {
    /// Of files by their names in `src`, such as `lib.rs` and `codec/mod.rs`. Only what the root declares is part of it.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Crate {
        let mut all: BTreeMap<Module, (String, Source)> = BTreeMap::new();
        for (name, text) in files {
            if let Some(module) = module_of(name) {
                all.insert(module, (name.to_owned(), Source::of(text)));
            }
        }
        let mut declared = BTreeMap::new();
        let mut next = vec![Vec::new()];
        while let Some(module) = next.pop() {
            if let Some(file) = all.remove(&module) {
                let child = |name: &String| module.iter().chain([name]).cloned().collect::<Module>();
                next.extend(file.1.children.iter().map(child));
                declared.insert(module, file);
            }
        }
        Crate { files: declared }
    }

    /// How many modules there are.
    pub fn count(&self) -> usize {
        self.files.len()
    }

    /// Every circle, at every level.
    pub fn circles(&self) -> Vec<Circle> {
        self.graphs().iter().flat_map(|(parent, graph)| circles_in(&parent.join("::"), graph)).collect()
    }

    fn graphs(&self) -> Graphs {
        let mut graphs = Graphs::new();
        for (module, (name, source)) in &self.files {
            for path in &source.paths {
                let here: Module = module.iter().chain(&path.inside).cloned().collect();
                self.edge(&mut graphs, module, self.follow(&here, &path.names, 0), name, path.line);
            }
            for import in &source.imports {
                let here: Module = module.iter().chain(&import.inside).cloned().collect();
                let target = self.follow(&here, &import.names, 0);
                let below =
                    target.as_ref().is_some_and(|target| target.len() > module.len() && target.starts_with(module));
                if !(below && import.public && !source.uses(&import.name)) {
                    self.edge(&mut graphs, module, target, name, import.line);
                }
            }
        }
        graphs
    }

    /// Notes that `from` uses `to`, among the children of the module that both are in.
    fn edge(&self, graphs: &mut Graphs, from: &Module, to: Option<Module>, name: &str, line: usize) {
        let Some(to) = to.filter(|to| to != from) else { return };
        let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        let at = |module: &Module| module.get(common).cloned().unwrap_or_else(|| ITSELF.to_owned());
        let graph = graphs.entry(from[..common].to_vec()).or_default();
        graph.entry(at(from)).or_default().entry(at(&to)).or_insert_with(|| format!("{name}:{line}"));
    }

    /// The module whose item a path names; `None` where it is another crate's.
    fn follow(&self, here: &Module, names: &[String], steps: usize) -> Option<Module> {
        let mut at = here.clone();
        let mut names = names.iter();
        let first = names.next()?;
        match first.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            // What the file itself imports has its edge there.
            name => at = self.child(&self.file_of(&at), name)?,
        }
        for name in names {
            if name == "super" {
                at.pop();
                continue;
            }
            let file = self.file_of(&at);
            if let Some(child) = self.child(&file, name) {
                at = child;
                continue;
            }
            let imported = self.files.get(&file).and_then(|(_, source)| source.import(name));
            return match imported {
                Some(import) if steps < MOST_STEPS => {
                    let here: Module = file.iter().chain(&import.inside).cloned().collect();
                    self.follow(&here, &import.names, steps + 1)
                }
                _ => Some(file),
            };
        }
        Some(self.file_of(&at))
    }

    fn child(&self, module: &Module, name: &str) -> Option<Module> {
        let child: Module = module.iter().cloned().chain([name.to_owned()]).collect();
        self.files.contains_key(&child).then_some(child)
    }

    /// The module with a file of its own that a module is written in.
    fn file_of(&self, module: &Module) -> Module {
        let mut file = module.clone();
        while !file.is_empty() && !self.files.contains_key(&file) {
            file.pop();
        }
        file
    }
}

/// The module that a file is; `None` for programs beside the library.
fn module_of(file: &str) -> Option<Module> {
    let name = file.strip_suffix(".rs")?;
    if name == "lib" {
        return Some(Vec::new());
    }
    let mut module: Module = name.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    (module[0] != "bin" && name != "main").then_some(module)
}

/// The circles of a graph, whose edges say where they stand.
pub fn circles_in(parent: &str, graph: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<Circle> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|from| (from.as_str(), reached(graph, from))).collect();
    let both = |a: &str, b: &str| {
        let reaches = |from: &str, to: &str| reach.get(from).is_some_and(|reached| reached.contains(to));
        reaches(a, b) && reaches(b, a)
    };
    let mut circles = Vec::new();
    let mut done = BTreeSet::new();
    for from in graph.keys() {
        let siblings: BTreeSet<String> = graph.keys().filter(|to| both(from, to)).cloned().collect();
        if siblings.is_empty() || !done.insert(siblings.clone()) {
            continue;
        }
        let uses = siblings.iter().flat_map(|from| {
            let inside = graph[from].iter().filter(|(to, _)| siblings.contains(*to));
            inside.map(move |(to, place)| format!("{from} → {to} ({place})"))
        });
        circles.push(Circle { parent: parent.to_owned(), uses: uses.collect(), siblings });
    }
    circles
}

/// What a sibling reaches in one step or more.
fn reached<'a>(graph: &'a BTreeMap<String, BTreeMap<String, String>>, from: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut next = vec![from];
    while let Some(at) = next.pop() {
        for to in graph.get(at).into_iter().flat_map(BTreeMap::keys) {
            if found.insert(to.as_str()) {
                next.push(to);
            }
        }
    }
    found
}

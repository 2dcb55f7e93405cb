//! No two modules of a crate need each other.

use crate::modules::{Circle, Crate, ITSELF};
use crate::workspace::{CRATES, nothing, rust};

#[test]
fn no_two_modules_need_each_other() {
    let rust = rust();
    let mut problems = Vec::new();
    for (folder, ..) in CRATES {
        let src = format!("{folder}/src/");
        let inside = rust.iter().filter_map(|(name, text)| Some((name.strip_prefix(&src)?, text.as_str())));
        let of = Crate::of(inside);
        assert!(of.count() > 0, "{folder}: its modules are here");
        problems.extend(of.circles().iter().map(|circle| described(folder, circle)));
    }
    nothing(&problems);
}

fn described(folder: &str, circle: &Circle) -> String {
    let names: Vec<&str> = circle.siblings.iter().map(String::as_str).collect();
    format!("{folder}/src/{}: {} need each other:\n    {}", circle.parent, names.join(", "), circle.uses.join("\n    "))
}

/// The circles of a crate with these files, each as its parent and the siblings.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let found = Crate::of(files.iter().copied()).circles();
    found
        .iter()
        .map(|circle| format!("{}: {}", circle.parent, Vec::from_iter(circle.siblings.clone()).join(", ")))
        .collect()
}

#[test]
fn a_circle_is_found_wherever_it_is() {
    let root = ("lib.rs", "pub mod a;\nmod b;\nmod c;\n");
    let one_way = [root, ("a.rs", "use crate::b::B;"), ("b.rs", "use crate::c::C;"), ("c.rs", "pub struct C;")];
    assert_eq!(circles(&one_way), [""; 0]);
    let back = [
        ("c.rs", "use crate::a::A;"),
        ("c.rs", "use super::a;"),
        ("c.rs", "use std::fmt;\nuse crate::{a::{A as Other, B}, b};"),
        ("c.rs", "fn f() -> crate::a::A { loop {} }"),
        ("c.rs", "mod inside {\n    use super::super::a::A;\n}"),
        ("c/mod.rs", "mod d;"),
    ];
    for last in back {
        let files = [root, one_way[1], one_way[2], last, ("c/d.rs", "use crate::a::A;")];
        assert_eq!(circles(&files), [": a, b, c"], "{last:?}");
    }
    let deep = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b;\nmod c;\npub use b::B;\npub use c::C;"),
        ("a/b.rs", "use super::C;"),
        ("a/c.rs", "use crate::a::B;"),
    ];
    assert_eq!(circles(&deep), ["a: b, c"], "what a parent passes on is its child's");
}

#[test]
fn a_parent_and_its_child_may_need_each_other_one_way() {
    let parent_of = |parent: &str, child: &str| circles(&[("lib.rs", parent), ("a.rs", child)]);
    let both = [format!(": {ITSELF}, a")];
    let user = "use crate::Own;";
    assert_eq!(parent_of("mod a;\npub use a::A;\npub struct Own;", user), [""; 0], "it only re-exports");
    assert_eq!(parent_of("mod a;\nfn f() { a::f() }", "fn f() {}"), [""; 0]);
    assert_eq!(parent_of("mod a;\npub struct Own;\nfn f() { a::f() }", user), both);
    assert_eq!(parent_of("mod a;\nuse a::A;\npub struct Own(A);", user), both);
    assert_eq!(parent_of("mod a;\npub use a::A;\npub struct Own(A);", user), both);
    assert_eq!(parent_of("mod a;\npub use a::f;\npub struct Own { f: u8 }", user), [""; 0], "a field of that name");
    assert_eq!(parent_of("mod a;\npub use a::f;\npub struct Own;\nfn g() { f() }", user), both);
}

#[test]
fn only_code_that_runs_counts() {
    let other = ("b.rs", "use crate::a::A;");
    for text in [
        "// use crate::b::B;\n/* use crate::b::B; /* */ */\n/// [`B`](crate::b::B)",
        "const A: &str = \"crate::b::B \\\" \";\nconst B: &str = r#\"use crate::b::B; \"\"#;\nconst C: char = '\"';",
        "#[cfg(test)]\nmod tests {\n    use crate::b::B;\n}",
        "#[cfg(test)]\nmod d;",
        "pub(in crate::b) struct A;",
        "fn f<'a>() -> impl Sized + use<'a> {}",
    ] {
        let files = [("lib.rs", "mod a;\nmod b;"), ("a.rs", text), ("a/d.rs", "use crate::b::B;"), other];
        assert_eq!(circles(&files), [""; 0], "{text}");
    }
    let after = "#[cfg(test)]\nfn f(a: [u8; 2]) { crate::b::g(a) }\nuse crate::b::B;";
    assert_eq!(circles(&[("lib.rs", "mod a;\nmod b;"), ("a.rs", after), other]), [": a, b"]);
}

#[test]
fn uses_say_where_they_stand() {
    let found = Crate::of([("lib.rs", "mod a;\nmod b;"), ("a.rs", "\nuse crate::b;"), ("b.rs", "use crate::a;")]);
    let circles = found.circles();
    assert_eq!(circles[0].uses, ["a → b (a.rs:2)", "b → a (b.rs:1)"]);
    assert!(described("x", &circles[0]).starts_with("x/src/: a, b need each other:\n    a → b (a.rs:2)"));
}

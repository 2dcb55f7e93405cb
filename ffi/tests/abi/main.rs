//! The ABI, called as C calls it.

#![allow(clippy::unwrap_used)]

mod lab;

use std::ffi::{CStr, c_void};
use std::ptr::{null, null_mut};

use tenterhook_ffi::args::*;
use tenterhook_ffi::attach::*;
use tenterhook_ffi::bgp::th_hook_catalog;
use tenterhook_ffi::builder::*;
use tenterhook_ffi::control::*;
use tenterhook_ffi::hook::*;
use tenterhook_ffi::host::*;
use tenterhook_ffi::invoke::*;
use tenterhook_ffi::lists::*;
use tenterhook_ffi::outcome::*;
use tenterhook_ffi::scalars::*;
use tenterhook_ffi::status::th_status;
use tenterhook_ffi::status::th_status::*;
use tenterhook_ffi::types::*;
use tenterhook_ffi::value::*;
use tenterhook_ffi::*;

use lab::*;

#[test]
fn every_kind_of_value_goes_in_and_comes_back() {
    let lab = Lab::new();
    for round in 0..3 {
        lab.fill("hi");
        lab.invoke();
        assert_eq!(lab.failure(), None, "round {round}");
        assert_eq!(lab.int("sum"), 42);
        assert_eq!(lab.int("color"), 20);
        assert_eq!(lab.int("maybe"), 3);
        assert_eq!(lab.int("record.count"), 107);
        assert_eq!(string(lab.get("record.note").unwrap()), b"hi");
        assert_eq!(string(lab.get("raw").unwrap()), b"\xff\0\0hi");
        assert!(lab.get("record.more").is_none(), "it did not change");
        // SAFETY: the values are of an outcome that lives, and there is room for what is read.
        unsafe {
            let (mut yes, mut half) = (true, 0.0);
            assert_eq!(th_value_bool(lab.get("yes").unwrap(), &mut yes), TH_OK);
            assert_eq!(th_value_float(lab.get("half").unwrap(), &mut half), TH_OK);
            assert_eq!((yes, half), (false, 2.5));
            let (mut family, mut bytes, mut length) = (0, [0u8; 16], 0);
            assert_eq!(th_value_address(lab.get("where").unwrap(), &mut family, bytes.as_mut_ptr()), TH_OK);
            assert_eq!((family, &bytes[..4]), (2, &[192, 0, 2, 1][..]));
            let net = lab.get("net").unwrap();
            assert_eq!(th_value_prefix(net, &mut family, bytes.as_mut_ptr(), &mut length), TH_OK);
            assert_eq!((family, &bytes[..4], length), (10, &[0x20, 0x01, 0x0d, 0xb8][..], 32));
            let hops = lab.get("hops").unwrap();
            assert_eq!((th_value_kind(hops), th_value_count(hops)), (th_kind::TH_KIND_LIST, 2));
            assert_eq!(string(item(hops, 1).unwrap()), b"blue@10.0.1.1");
            assert!(item(hops, 2).is_none());
            let seen = lab.get("seen").unwrap();
            let (mut key, mut len, mut number) = (null(), 0, 0);
            assert_eq!(th_value_key(seen, 0, &mut key, &mut len), TH_OK);
            assert_eq!(th_value_int(item(seen, 0).unwrap(), &mut number), TH_OK);
            assert_eq!((len, th_value_count(seen)), (3, 2));
            assert!(number == 2 || number == 4);
            let record = lab.get("record").unwrap();
            let (mut position, mut note) = (0, 0);
            assert_eq!(th_value_position(record, 1, &mut position), TH_OK);
            assert_eq!(th_hook_member(lab.hook, c"record.note".as_ptr(), &mut note), TH_OK);
            assert_eq!((th_value_count(record), position, note), (2, 2, 2));
            assert_eq!(th_outcome_decided_by(lab.outcome), lab.id);
            assert_eq!(th_outcome_calls(lab.outcome), 1);
        }
    }
}

#[test]
fn what_scripts_do_wrong_is_in_the_outcome() {
    let lab = Lab::new();
    lab.fill("fail");
    lab.invoke();
    let (denied, cause, message) = lab.failure().unwrap();
    assert!(!denied && cause == "script" && message.contains("as asked"), "{cause}: {message}");
    assert_eq!(lab.int("sum"), 0, "the default");
    lab.fill("fine");
    lab.invoke();
    assert_eq!((lab.failure(), lab.int("sum")), (None, 42));
}

#[test]
fn only_the_attachments_of_a_name_are_called() {
    let lab = Lab::new();
    for (only, calls, sum) in [(c"everything", 1, 42), (c"another", 0, 0)] {
        lab.fill("hi");
        // SAFETY: all live.
        unsafe {
            assert_eq!(th_invoke(lab.args, only.as_ptr(), lab.outcome), TH_OK);
            assert_eq!(th_outcome_calls(lab.outcome), calls);
        }
        assert_eq!(lab.int("sum"), sum);
    }
}

#[test]
fn what_is_kept_stays_for_the_next_invocation() {
    let lab = Lab::new();
    lab.fill("kept");
    // SAFETY: the arguments live.
    unsafe {
        assert_eq!(th_args_keep(lab.args), TH_OK);
        for i in 1..4 {
            assert_eq!(th_args_begin(lab.args), TH_OK);
            assert_eq!(th_args_set_int(lab.args, lab.slot("i"), i), TH_OK);
            lab.invoke();
            assert_eq!((lab.failure(), lab.int("record.count")), (None, 100 + i));
        }
        assert_eq!(th_args_clear(lab.args), TH_OK);
    }
    lab.invoke();
    let (_, cause, message) = lab.failure().unwrap();
    assert_eq!(cause, "host");
    assert!(message.contains("address: is not set"), "{message}");
}

#[test]
fn what_is_set_after_an_invocation_is_in_the_next() {
    let lab = Lab::new();
    lab.fill("stays");
    for (i, note) in [(7, "stays"), (8, "then"), (9, "another")] {
        // SAFETY: the arguments live, and the text has the length that is said.
        unsafe {
            assert_eq!(th_args_set_int(lab.args, lab.slot("i"), i), TH_OK);
            assert_eq!(th_args_set_string(lab.args, lab.slot("text"), note.as_ptr().cast(), note.len()), TH_OK);
        }
        lab.invoke();
        assert_eq!((lab.failure(), lab.int("sum"), lab.int("record.count")), (None, 42, 100 + i));
        assert_eq!(string(lab.get("record.note").unwrap()), note.as_bytes());
    }
}

#[test]
fn an_invocation_that_is_refused_leaves_nothing_of_the_one_before() {
    let (lab, other) = (Lab::new(), Lab::new());
    for refused in 0..3 {
        lab.fill("hi");
        lab.invoke();
        assert_eq!((lab.int("sum"), lab.failure()), (42, None));
        // SAFETY: all live, but for what is null; the text ends with a NUL.
        unsafe {
            let status = match refused {
                0 => th_invoke(null_mut(), null(), lab.outcome),
                1 => th_invoke(lab.args, c"\xff".as_ptr(), lab.outcome),
                _ => th_invoke(other.args, null(), lab.outcome),
            };
            assert_eq!(status, [TH_NULL, TH_TEXT, TH_TYPE][refused], "{}", error());
            assert_eq!(th_outcome_calls(lab.outcome), 0);
            assert_eq!(th_outcome_decided_by(lab.outcome), 0);
        }
        assert_eq!((lab.int("sum"), lab.failure()), (0, None), "the default");
        assert!(lab.get("record.count").is_none(), "nothing changed");
    }
    lab.fill("fail");
    lab.invoke();
    assert!(lab.failure().is_some());
    // SAFETY: null is what is refused.
    assert_eq!(unsafe { th_invoke(null_mut(), null(), lab.outcome) }, TH_NULL);
    assert_eq!(lab.failure(), None);
}

#[test]
fn integers_in_a_row_reach_nothing_in_between() {
    let (mut host, mut b, mut hook, mut args, mut outcome, mut id) =
        (null_mut(), null_mut(), null_mut(), null_mut(), null_mut(), 0);
    let script = "function row(a, b, c, d) return { sum = (a or 500) + (b or 100) + c + d } end";
    // SAFETY: every pointer is what the functions say, and lives until after the call.
    unsafe {
        assert_eq!(th_host_new(&options(), &mut host), TH_OK, "{}", error());
        assert_eq!(th_builder_new(c"test.row".as_ptr(), 1, null(), &mut b), TH_OK);
        let int = th_type_integer(b, 0, 1000);
        let maybe = th_type_optional(b, int);
        for (name, ty) in [(c"a", maybe), (c"b", maybe), (c"c", int), (c"d", int)] {
            assert_eq!(th_builder_argument(b, name.as_ptr(), ty, false, c"An integer.".as_ptr()), TH_OK);
        }
        assert_eq!(th_builder_result(b, c"sum".as_ptr(), int, c"0".as_ptr(), c"The sum.".as_ptr()), TH_OK);
        assert_eq!(th_hook_declare(host, b, &mut hook), TH_OK, "{}", error());
        th_builder_free(b);
        let (name, tenant) = (c("test.row"), c("acme"));
        assert_eq!(th_host_attach(host, &attach(&name, &tenant, script), &mut id), TH_OK, "{}", error());
        assert_eq!(th_args_new(hook, &mut args), TH_OK);
        assert_eq!(th_outcome_new(hook, &mut outcome), TH_OK);
    }
    let lab = Lab { host, hook, args, outcome, id };
    let set = |path: &str, values: &[i64]| {
        // SAFETY: the arguments live, and there are as many integers as is said.
        unsafe { th_args_set_ints(lab.args, lab.slot(path), values.as_ptr(), values.len()) }
    };
    assert_eq!(set("c", &[1, 2]), TH_OK, "{}", error());
    assert_eq!(set("b", &[7]), TH_OK, "{}", error());
    lab.invoke();
    assert_eq!((lab.failure(), lab.int("sum")), (None, 510));
    for (path, values, message) in [
        ("a", &[1, 0][..], "a: expected integer, got 2 integers, but only 1 are consecutive"),
        ("c", &[1, 2, 3], "c: expected integer, got 3 integers, but only 2 are consecutive"),
        ("b", &[1, 2], "b: expected integer, got 2 integers, but only 1 are consecutive"),
    ] {
        // SAFETY: the arguments live.
        assert_eq!(unsafe { th_args_begin(lab.args) }, TH_OK);
        assert_eq!(set(path, values), TH_TYPE, "{path}");
        assert!(error().contains(message), "expected {message}, got {}", error());
    }
    // SAFETY: the arguments live.
    assert_eq!(unsafe { th_args_begin(lab.args) }, TH_OK);
    assert_eq!(set("c", &[1, 1001]), TH_RANGE);
    assert!(error().contains("d: expected integer 0..1000, got 1001"), "{}", error());
}

#[test]
fn arguments_that_cannot_be_are_told_and_never_run() {
    let lab = Lab::new();
    let (long, broken) = (c("seventeen letters"), [0xffu8, 0]);
    type Set<'a> = &'a dyn Fn() -> th_status;
    // SAFETY: the arguments live, and what is pointed to has the length that is said.
    let set: [(Set<'_>, th_status, &str); 12] = unsafe {
        [
            (&|| th_args_set_int(lab.args, lab.slot("i"), 1001), TH_RANGE, "i: expected integer 0..1000, got 1001"),
            (&|| th_args_set_int(lab.args, lab.slot("color"), 11), TH_RANGE, "color: expected RED or BLUE, got 11"),
            (&|| th_args_set_int(lab.args, lab.slot("text"), 1), TH_TYPE, "text: expected string, got integer"),
            (&|| th_args_set_bool(lab.args, 0, true), TH_NAME, "0 is not a slot"),
            (&|| th_args_set_bool(lab.args, 9999, true), TH_NAME, "9999 is not a slot"),
            (
                &|| th_args_set_string(lab.args, lab.slot("text"), long.as_ptr(), 17),
                TH_RANGE,
                "at most 16 bytes, got 17",
            ),
            (&|| th_args_set_string(lab.args, lab.slot("text"), broken.as_ptr().cast(), 1), TH_TEXT, "UTF-8"),
            (&|| th_args_set_prefix(lab.args, lab.slot("prefix"), 2, [0; 4].as_ptr(), 33), TH_RANGE, "32 or 128 bits"),
            (
                &|| th_args_set_address(lab.args, lab.slot("address"), 7, [0; 4].as_ptr()),
                TH_RANGE,
                "not an address family",
            ),
            (&|| th_args_set_int(lab.args, lab.slot("tags[]"), 1), TH_SEQUENCE, "no element is selected"),
            (&|| th_args_element(lab.args, lab.slot("paths"), 0), TH_SEQUENCE, "has 0 elements, not 0"),
            (&|| th_args_set_count(lab.args, lab.slot("paths"), 9), TH_RANGE, "at most 8 elements, got 9"),
        ]
    };
    for (set, status, message) in set {
        lab.fill("hi");
        // SAFETY: the arguments live.
        assert_eq!(unsafe { th_args_begin(lab.args) }, TH_OK);
        assert_eq!(set(), status, "{message}");
        assert!(error().contains(message), "expected {message}, got {}", error());
        lab.invoke();
        assert_eq!(lab.failure().unwrap().1, "host", "{message}");
        assert_eq!(lab.int("sum"), 0, "{message}");
    }
}

#[test]
fn foreign_text_is_made_to_fit() {
    let lab = Lab::with("function everything(b, i, f, text) return { raw = text } end");
    for (given, expected) in [("seventeen letters", &b"seventeen letter"[..]), ("a\u{e9}", "a\u{e9}".as_bytes())] {
        lab.fill("");
        let given = c(given);
        // SAFETY: the arguments live, and the text ends with a NUL.
        assert_eq!(unsafe { th_args_set_text(lab.args, lab.slot("text"), given.as_ptr()) }, TH_OK);
        lab.invoke();
        assert_eq!(string(lab.get("raw").unwrap()), expected);
    }
    lab.fill("");
    // SAFETY: as above.
    assert_eq!(unsafe { th_args_set_text(lab.args, lab.slot("text"), c"a\xe9b".as_ptr()) }, TH_OK);
    lab.invoke();
    assert_eq!(string(lab.get("raw").unwrap()), b"a?b");
}

#[test]
fn null_is_answered_never_followed() {
    let lab = Lab::new();
    let mut slot = 0;
    // SAFETY: null is what these functions say they check.
    unsafe {
        assert_eq!(th_host_new(null(), null_mut()), TH_NULL);
        assert_eq!(th_host_new(&options(), null_mut()), TH_NULL);
        assert_eq!(th_hook_slot(null(), c"b".as_ptr(), &mut slot), TH_NULL);
        assert_eq!(th_hook_slot(lab.hook, null(), &mut slot), TH_NULL);
        assert_eq!(th_hook_slot(lab.hook, c"b".as_ptr(), null_mut()), TH_NULL);
        assert_eq!(th_args_set_int(null_mut(), 1, 1), TH_NULL);
        assert_eq!(th_args_set_string(lab.args, lab.slot("text"), null(), 3), TH_NULL);
        assert_eq!(th_invoke(null_mut(), null(), lab.outcome), TH_NULL);
        assert_eq!(th_invoke(lab.args, null(), null_mut()), TH_NULL);
        assert_eq!(th_host_attach(lab.host, null(), null_mut()), TH_NULL);
        assert_eq!(th_host_each_hook(lab.host, None, null_mut()), TH_NULL);
        assert!(!th_hook_active(null()));
        let zeros = th_value { value: null(), ty: null() };
        assert_eq!((th_value_kind(zeros), th_value_count(zeros)), (th_kind::TH_KIND_NIL, 0));
        assert_eq!(th_value_int(zeros, &mut 0), TH_NULL);
        th_host_free(null_mut());
        th_hook_free(null_mut());
        th_args_free(null_mut());
        th_outcome_free(null_mut());
        th_builder_free(null_mut());
    }
}

#[test]
fn other_versions_unknown_names_and_bad_declarations_are_refused() {
    let lab = Lab::new();
    let (mut host, mut hook, mut slot, mut id) = (null_mut(), null_mut(), 0, 0);
    // SAFETY: every pointer is what the functions say.
    unsafe {
        assert_eq!(th_abi_version(), TH_ABI_VERSION);
        assert_eq!(th_host_new(&th_host_options { abi: 77, ..options() }, &mut host), TH_ABI);
        assert!(error().contains("compiled for ABI 77"), "{}", error());
        assert_eq!(th_hook_slot(lab.hook, c"record.cuont".as_ptr(), &mut slot), TH_NAME);
        assert_eq!(error(), "test.everything has no argument record.cuont; did you mean record.count?");
        assert_eq!(th_hook_catalog(lab.host, c"bgp.nothing".as_ptr(), &mut hook), TH_NAME);

        let mut b = null_mut();
        assert_eq!(th_builder_new(c"test.two".as_ptr(), 1, null(), &mut b), TH_OK);
        assert_eq!(th_builder_argument(b, c"x".as_ptr(), 5, false, null()), TH_DECLARATION);
        assert_eq!(th_hook_declare(lab.host, b, &mut hook), TH_DECLARATION);
        assert_eq!(error(), "5 is not a type of this builder");
        th_builder_free(b);
        assert_eq!(th_builder_new(c"test.two".as_ptr(), 1, null(), &mut b), TH_OK);
        let int = th_type_integer(b, 0, 3);
        assert_eq!(th_builder_result(b, c"x".as_ptr(), int, c"4".as_ptr(), null()), TH_DECLARATION);
        th_builder_free(b);

        let (name, tenant) = (c("test.everything"), c("acme"));
        let what = attach(&name, &tenant, "function everything( end");
        assert_eq!(th_host_attach(lab.host, &what, &mut id), TH_SCRIPT);
        assert!(error().contains("everything.lua:1:"), "{}", error());
        let missing = c("/nowhere/at/all.lua");
        let what = th_attach { path: missing.as_ptr(), ..what };
        assert_eq!(th_host_attach(lab.host, &what, &mut id), TH_FILE);
        assert_eq!(th_host_detach(lab.host, 0), TH_GONE);
        assert_eq!(th_host_detach(lab.host, u64::MAX), TH_GONE);
        assert_eq!(th_host_detach(lab.host, lab.id), TH_OK);
        assert_eq!(th_host_detach(lab.host, lab.id), TH_GONE);
        assert!(!th_hook_active(lab.hook));
    }
}

#[test]
fn a_hook_point_that_requires_an_attachment_is_closed_until_it_is_there() {
    let (mut host, mut b, mut hook, mut args, mut outcome, mut id) =
        (null_mut(), null_mut(), null_mut(), null_mut(), null_mut(), 0);
    // SAFETY: every pointer is what the functions say.
    unsafe {
        assert_eq!(th_host_new(&options(), &mut host), TH_OK, "{}", error());
        let declared = |closed: Option<&std::ffi::CStr>, required: &std::ffi::CStr, hook: &mut *mut th_hook| {
            let mut b = null_mut();
            assert_eq!(th_builder_new(c"test.guard".as_ptr(), 1, null(), &mut b), TH_OK);
            let int = th_type_integer(b, 0, 9);
            assert_eq!(th_builder_result(b, c"x".as_ptr(), int, c"0".as_ptr(), null()), TH_OK);
            if let Some(closed) = closed {
                th_builder_closed(b, c"x".as_ptr(), int, closed.as_ptr());
            }
            th_builder_require(b, required.as_ptr());
            let status = th_hook_declare(host, b, hook);
            th_builder_free(b);
            status
        };
        assert_eq!(declared(None, c"acme/limit", &mut hook), TH_DECLARATION);
        assert!(error().contains("it requires acme/limit but declares no closed result"), "{}", error());
        assert_eq!(declared(Some(c"17"), c"acme/limit", &mut hook), TH_DECLARATION);
        assert!(error().starts_with("the closed result of x, 17: "), "{}", error());
        assert_eq!(declared(Some(c"7"), c"limit", &mut hook), TH_DECLARATION);
        assert!(error().contains("expected TENANT/NAME"), "{}", error());
        assert_eq!(declared(Some(c"7"), c"acme/limit", &mut hook), TH_OK, "{}", error());
        for (status, function) in [
            (th_builder_closed(null_mut(), c"x".as_ptr(), 1, c"1".as_ptr()), "closed"),
            (th_builder_require(null_mut(), c"a/b".as_ptr()), "require"),
        ] {
            assert_eq!(status, TH_NULL, "{function}");
        }
        assert_eq!(th_builder_new(c"test.null".as_ptr(), 1, null(), &mut b), TH_OK);
        assert_eq!(th_builder_require(b, null()), TH_NULL);
        th_builder_free(b);

        assert!(th_hook_active(hook), "there is something to ask for");
        assert_eq!((th_args_new(hook, &mut args), th_outcome_new(hook, &mut outcome)), (TH_OK, TH_OK));
        let mut field = 0;
        assert_eq!(th_hook_field(hook, c"x".as_ptr(), &mut field), TH_OK);
        let fire = |only: *const std::ffi::c_char| {
            assert_eq!(th_args_begin(args), TH_OK);
            assert_eq!(th_invoke(args, only, outcome), TH_OK, "{}", error());
            let (mut value, mut number) = (th_value { value: null(), ty: null() }, 0);
            assert_eq!(th_outcome_get(outcome, field, &mut value), TH_OK);
            assert_eq!(th_value_int(value, &mut number), TH_OK);
            (number, th_outcome_calls(outcome), th_outcome_failures(outcome))
        };
        for only in [null(), c"limit".as_ptr(), c"other".as_ptr()] {
            assert_eq!(fire(only), (7, 0, 1));
            let mut failure = th_failure { attachment: 9, denied: false, cause: null(), message: null() };
            assert_eq!(th_outcome_failure(outcome, 0, &mut failure), TH_OK);
            assert_eq!((failure.attachment, failure.denied), (0, true));
            assert_eq!(CStr::from_ptr(failure.cause), c"closed");
            let message = CStr::from_ptr(failure.message).to_str().unwrap();
            assert_eq!(message, "the hook point is closed: it requires acme/limit (not attached)");
        }
        let (name, tenant, limit) = (c("test.guard"), c("acme"), c("limit"));
        let what =
            th_attach { name: limit.as_ptr(), ..attach(&name, &tenant, "function guard() return { x = 3 } end") };
        assert_eq!(th_host_attach(host, &what, &mut id), TH_OK, "{}", error());
        assert_eq!(fire(null()), (3, 1, 0));
        assert_eq!(th_host_broken(host), 0);
        assert_eq!(th_host_broken(null()), 0);
        th_outcome_free(outcome);
        th_args_free(args);
        th_hook_free(hook);
        th_host_free(host);
    }
}

#[test]
fn hook_points_and_attachments_are_listed_with_what_they_did() {
    // SAFETY: called with the list below.
    unsafe extern "C" fn hook(context: *mut c_void, hook: *const th_hook_info) {
        // SAFETY: the context is the list below, and the information lives during the call.
        unsafe {
            let list = &mut *context.cast::<Vec<String>>();
            list.push(CStr::from_ptr((*hook).name).to_str().unwrap().to_owned());
            let json: serde_json::Value = serde_json::from_slice(CStr::from_ptr((*hook).json).to_bytes()).unwrap();
            assert_eq!(json["name"].as_str(), list.last().map(String::as_str));
        }
    }
    // SAFETY: as above.
    unsafe extern "C" fn attachment(context: *mut c_void, of: *const th_attachment) {
        // SAFETY: as above.
        unsafe {
            let causes = CStr::from_ptr((*of).causes_json).to_str().unwrap().to_owned();
            (*context.cast::<Vec<(u64, u64, u64, String)>>()).push(((*of).calls, (*of).answers, (*of).faults, causes));
        }
    }
    let lab = Lab::new();
    for text in ["a", "fail", "b"] {
        lab.fill(text);
        lab.invoke();
    }
    let mut catalog = null_mut();
    let (mut names, mut counts) = (Vec::<String>::new(), Vec::<(u64, u64, u64, String)>::new());
    // SAFETY: the callbacks get the lists that they expect.
    unsafe {
        assert_eq!(th_hook_catalog(lab.host, c"bgp.route_match".as_ptr(), &mut catalog), TH_OK);
        assert_eq!(th_host_each_hook(lab.host, Some(hook), (&raw mut names).cast()), TH_OK);
        assert_eq!(th_host_each_attachment(lab.host, Some(attachment), (&raw mut counts).cast()), TH_OK);
        th_hook_free(catalog);
    }
    assert_eq!(names, ["bgp.route_match", "test.everything"]);
    assert_eq!(counts, [(3, 2, 1, r#"{"script":1}"#.to_owned())]);
}

#[test]
fn the_policy_comes_from_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = c(folder.path().to_str().unwrap());
    let mut host = null_mut();
    let options = th_host_options { folder: path.as_ptr(), ..options() };
    std::fs::write(folder.path().join("policy.toml"), "[defaults]\nfule = 1\n").unwrap();
    // SAFETY: every pointer is what the functions say.
    unsafe {
        assert_eq!(th_host_new(&options, &mut host), TH_POLICY);
        assert!(error().contains("policy.toml:2:1: defaults.fule: unknown key"), "{}", error());
        std::fs::write(folder.path().join("policy.toml"), "unknown_tenants = \"refuse\"\n").unwrap();
        assert_eq!(th_host_new(&options, &mut host), TH_OK);
        let (name, tenant, mut hook, mut id) = (c("test.everything"), c("acme"), null_mut(), 0);
        let builder = declare();
        assert_eq!(th_hook_declare(host, builder, &mut hook), TH_OK);
        th_builder_free(builder);
        let what = attach(&name, &tenant, SCRIPT);
        assert_eq!(th_host_attach(host, &what, &mut id), TH_POLICY);
        std::fs::write(folder.path().join("policy.toml"), "[tenants.acme]\nfuel = \"1M\"\n").unwrap();
        assert_eq!(th_host_reload_policy(host), TH_OK);
        assert_eq!(th_host_attach(host, &what, &mut id), TH_OK, "{}", error());
        th_hook_free(hook);
        th_host_free(host);
    }
}

#[test]
fn what_is_no_file_is_refused_rather_than_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = |name: &str| {
        let path = folder.path().join(name);
        let (kind, mode) = (rustix::fs::FileType::Fifo, rustix::fs::Mode::from_raw_mode(0o600));
        rustix::fs::mknodat(rustix::fs::CWD, &path, kind, mode, 0).unwrap();
        c(path.to_str().unwrap())
    };
    let lab = Lab::new();
    let (name, tenant, script) = (c("test.everything"), c("acme"), pipe("everything.lua"));
    let what = th_attach { path: script.as_ptr(), ..attach(&name, &tenant, SCRIPT) };
    let mut id = 0;
    // SAFETY: every pointer is what the functions say.
    unsafe {
        assert_eq!(th_host_attach(lab.host, &what, &mut id), TH_FILE);
        assert!(error().ends_with("everything.lua: not a regular file"), "{}", error());
        assert_eq!(th_host_replace(lab.host, lab.id, &what), TH_FILE);
    }
    pipe("policy.toml");
    let path = c(folder.path().to_str().unwrap());
    let mut host = null_mut();
    // SAFETY: as above.
    assert_eq!(unsafe { th_host_new(&th_host_options { folder: path.as_ptr(), ..options() }, &mut host) }, TH_FILE);
    assert!(error().ends_with("policy.toml: not a regular file"), "{}", error());
}

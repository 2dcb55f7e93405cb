//! The shared hook points: shapes that scripts rely on.

use tenterhook_bgp::catalog::bgp::*;
use tenterhook_bgp::catalog::{all, find, sample, zebra};
use tenterhook_bgp::syntax::ALL;
use tenterhook_hooks::codec::{Answer, Encoder};
use tenterhook_hooks::schema::{Chain, Declaration, Type};
use tenterhook_hooks::value::{HookValue, Value};
use tenterhook_hooks::{HookEnum, HookPoint};

/// Fingerprints as released. A change here means that scripts attached before are refused: raise the version.
const FINGERPRINTS: [(&str, u32, &str); 12] = [
    ("bgp.route_match", 2, "0695c9087167b8d5ca961a5761ffa7e0c1d4111200e00785dd73959a705685e5"),
    ("bgp.route_set", 1, "07cfff4b1fbb43f4e8ac70b00e69a750292ed973b754f2d13bae7d906eb0a1b7"),
    ("bgp.process", 2, "7a0faf586f71abaf87c24317af032dbf13b2355126e20e00906b7e12b5aa1b74"),
    ("bgp.peer_open", 1, "1b01d93b4c4d84c7628de6c2ffac794628bec2d6a96b39f15ba04e76cc75057b"),
    ("bgp.peer_status", 1, "e2b0c0e267db65921dd3350e0cbcc5f6652a1d879861c72d888c67cc0b7cae2a"),
    ("bgp.rpki_prefix_status", 2, "a88a5d43f769f20f9037eefd3356a69b5892ef1c3213fa7892dff44e8a69f582"),
    ("zebra.next_hop_match", 1, "ee257abf2f3991c05ae8e5c6d42ca4a9f78faee4debc6a64c245bb02efb6e765"),
    ("zebra.rib_update", 1, "c557777a788bc0c30944fcd5440b3437d55c6609554e8912264ca08b7acf55d6"),
    ("zebra.interface_add", 1, "ac36942a9382b1fce35cf04f302f4afc5507a43968ad44a770f27e46c74ebdac"),
    ("zebra.interface_del", 1, "7f96c8f087d5f16dd9c66da48d3406ed58c10753fe984faa5582e1a41ea702d6"),
    ("zebra.interface_up", 1, "220328bed2615864cef5fa8e80deeeba3e057a18534db45b37a72a64cbf44b90"),
    ("zebra.interface_down", 1, "c7bccfec4e5f2c4496953ae857f185c7593258d58ce79a2359539add02a1ac75"),
];

#[test]
fn shapes_are_as_released() {
    let now: Vec<(&str, u32, String)> =
        all().iter().map(|d| (d.name.as_str(), d.version, d.fingerprint().to_string())).collect();
    let released: Vec<(&str, u32, String)> = FINGERPRINTS.iter().map(|(n, v, f)| (*n, *v, (*f).to_owned())).collect();
    assert_eq!(now, released);
}

#[test]
fn declarations_and_samples_read_back_from_json() {
    for declaration in all() {
        let json = declaration.to_json();
        let back = Declaration::from_json(&json, &ALL).expect("what was written");
        assert_eq!((back.fingerprint(), back.to_json()), (declaration.fingerprint(), json));
        let sample = sample(&declaration.name).expect("every hook point has a sample");
        let back = declaration.arguments_from_json(&declaration.arguments_to_json(&sample)).expect("of its types");
        assert_eq!(back, sample);
        let mut out = Encoder::new();
        declaration.encode_values(&back, &mut out);
        assert!(out.finish(declaration, 1 << 16).is_ok());
    }
    let unknown = Declaration::from_json(&RouteMatch::declaration().to_json(), &[]).expect_err("nobody knows it");
    assert!(unknown.to_string().ends_with("syntax: expected no syntax, got \"community\""), "{unknown}");
}

#[test]
fn hook_points_are_found_by_name() {
    for declaration in all() {
        assert_eq!(find(&declaration.name).map(|d| d.fingerprint()), Some(declaration.fingerprint()));
        let sample = sample(&declaration.name).expect("every hook point has a sample");
        assert_eq!(sample.len(), declaration.arguments.len());
        for (argument, value) in declaration.arguments.iter().zip(&sample) {
            assert!(value.fits(&argument.ty), "{}", argument.name);
        }
    }
    assert_eq!(find("bgp.nothing"), None);
    assert_eq!(sample("bgp.nothing"), None);
}

/// Names along a path of fields, and the type at its end.
fn at<'a>(declaration: &'a Declaration, path: &str) -> &'a Type {
    let mut names = path.split('.');
    let argument = names.next().expect("a path starts with an argument");
    let mut ty = &declaration.arguments.iter().find(|a| a.name == argument).expect(argument).ty;
    for name in names {
        if let Type::Optional(inner) = ty {
            ty = inner;
        }
        let Type::Record(record) = ty else { panic!("{path}: {ty} has no fields") };
        ty = &record.fields.iter().find(|f| f.name == name).expect(name).ty;
    }
    ty
}

#[test]
fn fields_of_frr_scripts_are_there() {
    let declaration = RouteMatch::declaration();
    assert_eq!(declaration.handler, "route_match");
    let arguments: Vec<&str> = declaration.arguments.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(arguments, ["prefix", "attributes", "peer"]);
    let constants: Vec<(&str, i64)> = declaration.constants.iter().map(|c| (c.name.as_str(), c.value)).collect();
    assert_eq!(constants, [("RM_FAILURE", 0), ("RM_NOMATCH", 1), ("RM_MATCH", 2), ("RM_MATCH_AND_CHANGE", 3)]);
    assert_eq!(at(declaration, "prefix"), &Type::Prefix);
    let mut integers = vec!["attributes.metric", "attributes.ifindex", "attributes.localpref"];
    let peer = "remote_as local_as uptime last_readtime last_resettime capabilities flags \
        timers.configured.hold timers.configured.keepalive timers.configured.connect \
        timers.configured.route_advertisement timers.negotiated.hold timers.negotiated.keepalive \
        timers.negotiated.connect timers.negotiated.route_advertisement \
        stats.open_in stats.open_out stats.update_in stats.update_out stats.update_time stats.keepalive_in \
        stats.keepalive_out stats.notify_in stats.notify_out stats.refresh_in stats.refresh_out stats.dynamic_cap_in \
        stats.dynamic_cap_out stats.times_established stats.times_dropped";
    let peer: Vec<String> = peer.split_whitespace().map(|name| format!("peer.{name}")).collect();
    integers.extend(peer.iter().map(String::as_str));
    for path in integers {
        assert!(matches!(at(declaration, path), Type::Integer { .. }), "{path}");
    }
    for path in ["attributes.aspath", "peer.description"] {
        assert!(matches!(at(declaration, path), Type::String { .. }), "{path}");
    }
    for path in ["peer.remote_id", "peer.local_id", "peer.remote_address"] {
        assert_eq!(at(declaration, path), &Type::Address, "{path}");
    }
    // Enums reach scripts as strings, which FRR's states are.
    assert!(matches!(at(declaration, "peer.state"), Type::Enum(e) if e.names().starts_with("Idle, Connect")));
}

#[test]
fn secrets_have_no_place() {
    for declaration in all() {
        for argument in &declaration.arguments {
            let shown = format!("{:?}", argument.ty);
            assert!(!shown.contains("password"), "{}", declaration.name);
        }
    }
}

#[test]
fn everything_is_documented() {
    fn check(path: &str, ty: &Type) {
        match ty {
            Type::Record(record) => {
                assert!(!record.doc.is_empty(), "{path}");
                for field in &record.fields {
                    assert!(field.doc.ends_with('.'), "{path}.{}", field.name);
                    check(&format!("{path}.{}", field.name), &field.ty);
                }
            }
            Type::Enum(e) => assert!(e.variants.iter().all(|v| v.doc.ends_with('.')), "{path}"),
            Type::Optional(inner) | Type::List { element: inner, .. } | Type::Map { value: inner, .. } => {
                check(path, inner)
            }
            _ => {}
        }
    }
    for declaration in all() {
        assert!(!declaration.doc.is_empty());
        for argument in &declaration.arguments {
            assert!(argument.doc.ends_with('.'), "{}", argument.name);
            check(&argument.name, &argument.ty);
        }
        assert!(declaration.results.iter().all(|r| r.doc.ends_with('.')));
    }
}

fn slot<T: HookValue>() {
    assert_eq!(T::SLOT, T::ty().slot(), "{}", T::ty());
}

#[test]
fn slots_are_those_of_the_types() {
    slot::<Attributes<'_>>();
    slot::<Option<&Attributes<'_>>>();
    slot::<Aggregator>();
    slot::<Origin>();
    slot::<Communities<'_>>();
    slot::<LargeCommunities<'_>>();
    slot::<ExtendedCommunities<'_>>();
    slot::<Peer<'_>>();
    slot::<PeerState>();
    slot::<PeerStats>();
    slot::<PeerTimers>();
    slot::<Timers>();
    slot::<RouteAction>();
    slot::<OpenAction>();
    slot::<zebra::Interface<'_>>();
    slot::<zebra::Route<'_>>();
    slot::<zebra::NextHop>();
    slot::<zebra::MatchAction>();
}

#[test]
fn observers_change_nothing() {
    const DECIDE: [&str; 4] = ["bgp.route_match", "bgp.route_set", "bgp.peer_open", "zebra.next_hop_match"];
    for declaration in all().into_iter().filter(|declaration| !DECIDE.contains(&declaration.name.as_str())) {
        assert_eq!(declaration.chain, Chain::Observe);
        assert!(declaration.results.is_empty());
        assert!(declaration.arguments.iter().all(|a| !a.inout));
    }
}

#[test]
fn a_value_too_large_is_named() {
    let peer = Peer { flags: u64::MAX, ..Peer::SAMPLE };
    let args = RouteMatchArgs { peer: &peer, ..RouteMatch::sample() };
    let declaration = RouteMatch::declaration();
    let mut out = Encoder::new();
    out.begin(declaration.head());
    RouteMatch::encode(&args, &mut out);
    let error = out.finish(declaration, 1 << 16).expect_err("it is too large");
    assert_eq!(error.to_string(), "peer.flags: expected at most 9223372036854775807, got 18446744073709551615");

    let long = "x".repeat(1025);
    let args = PeerStatusArgs { reason: &long, ..PeerStatus::sample() };
    out.begin(PeerStatus::declaration().head());
    PeerStatus::encode(&args, &mut out);
    let error = out.finish(PeerStatus::declaration(), 1 << 16).expect_err("it is too long");
    assert_eq!(error.to_string(), "reason: expected at most 1024 bytes, got 1025");
}

#[test]
fn answers_become_changes() {
    let declaration = RouteMatch::declaration();
    let mut out = Encoder::new();
    out.begin(declaration.head());
    RouteMatch::encode(&RouteMatch::sample(), &mut out);
    let given = out.finish(declaration, 1 << 16).expect("the sample fits");

    let string = |s: &str| [&[5][..], &(s.len() as u32).to_le_bytes(), s.as_bytes()].concat();
    let integer = |v: i64| [&[3][..], &v.to_le_bytes()].concat();
    let table = |fields: &[(&str, Vec<u8>)]| {
        let inner: Vec<u8> = fields.iter().flat_map(|(k, v)| [string(k), v.clone()].concat()).collect();
        [&[6][..], &inner, &[7]].concat()
    };
    let list = |items: &[Vec<u8>]| {
        let inner: Vec<u8> = (1..).zip(items).flat_map(|(i, v)| [integer(i), v.clone()].concat()).collect();
        [&[6][..], &inner, &[7]].concat()
    };
    let read = |bytes: Vec<u8>| {
        Answer::read(declaration, &bytes, given, 4096).map(|answer| RouteMatch::results(answer).expect("types agree"))
    };

    let results = read(table(&[])).expect("a good answer");
    assert_eq!(results, RouteMatch::defaults());
    assert_eq!(results, RouteMatchResults { action: RouteAction::NoMatch, attributes: None });
    for action in [string("MATCH"), integer(2)] {
        assert_eq!(read(table(&[("action", action)])).expect("a good answer").action, RouteAction::Match);
    }
    let attributes = table(&[
        ("metric", integer(5)),
        ("next_hop", vec![0]),
        ("communities", list(&[string("65000:1"), string("no-export")])),
        ("as_path", list(&[integer(64500), integer(64511)])),
        ("prepend", list(&[integer(64496), integer(64496)])),
        ("origin", string("EGP")),
        // As given.
        ("localpref", integer(100)),
        ("large_communities", list(&[string("64500:1:2")])),
    ]);
    let results = read(table(&[("action", string("MATCH_AND_CHANGE")), ("attributes", attributes)]));
    assert_eq!(
        results.expect("a good answer"),
        RouteMatchResults {
            action: RouteAction::MatchAndChange,
            attributes: Some(std::sync::Arc::new(AttributesChange {
                metric: Some(5),
                next_hop: Some(None),
                communities: Some(vec!["65000:1".to_owned(), "no-export".to_owned()]),
                as_path: Some(vec![64500, 64511]),
                prepend: Some(vec![64496, 64496]),
                origin: Some(Origin::Egp),
                ..AttributesChange::default()
            })),
        }
    );
    for fits in [63, 64] {
        let prepend: Vec<Vec<u8>> = (0..fits).map(|_| integer(1)).collect();
        read(table(&[("attributes", table(&[("prepend", list(&prepend))]))])).expect("as many as there may be");
    }
    let prepend: Vec<Vec<u8>> = (0..65).map(|_| integer(1)).collect();
    let error = read(table(&[("attributes", table(&[("prepend", list(&prepend))]))])).expect_err("one too many");
    assert_eq!(error.to_string(), "result.attributes.prepend: expected at most 64 elements, got more");
}

#[test]
fn variants_have_names_and_integers() {
    assert_eq!(RouteAction::MatchAndChange.name(), "MATCH_AND_CHANGE");
    assert_eq!(PeerState::Established.name(), "Established");
    assert_eq!(Value::of(&PeerState::Established), Ok(Value::Enum(5)));
    assert_eq!(PeerState::enum_type().variants[5].value, 6);
}

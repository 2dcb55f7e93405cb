//! Who may do what, by the kernel's word and the policy's.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use serde_json::json;
use tenterhook_control::ControlError;
use tenterhook_tests::bench::cache;

use crate::stage::{Stage, host, request, says};

/// The number of the user that the tests run as.
fn own_uid() -> u32 {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().parse().unwrap()
}

/// A stage whose owner may do what the policy says, as anybody else; `UID` in it is the owner's.
pub fn held_to(policy: &str) -> Stage {
    // Some of these tenants the policy gives to nobody.
    let policy = format!("unknown_tenants = \"default\"\n{policy}");
    Stage::with(&policy.replace("UID", &own_uid().to_string()), |options| options.owner_may_do_all(false))
}

#[test]
fn who_is_no_operator_is_refused_and_written_down() {
    let stage = held_to("[[operators]]\nuid = 4000000000\ntenants = [\"*\"]\n");
    let refused = (403, "forbidden".to_owned());
    for path in ["/v1/version", "/v1/attachments", "/v1/stats", "/metrics", "/v1/events", "/v1/hooks/test.decide"] {
        assert_eq!(stage.client.get(path).refused(), refused, "{path}");
    }
    assert_eq!(stage.attach("one", &says(1)).refused(), refused);
    let audit = stage.audit();
    assert_eq!(audit.len(), 7);
    let last = audit.last().unwrap();
    assert_eq!((&last["uid"], &last["outcome"], &last["status"]), (&json!(own_uid()), &json!("refused"), &json!(403)));
    assert_eq!(last["action"], "POST /v1/attachments");
}

#[test]
fn operators_see_and_change_their_tenants_only() {
    let stage = held_to(
        "[[operators]]\nuid = UID\ntenants = [\"acme\"]\n[[operators]]\nuid = UID\ntenants = [\"globex\"]\nmay = \"see\"\n",
    );
    for tenant in ["globex", "initech"] {
        let request = tenterhook::Request::new("test.decide", tenant, says(5)).name("theirs");
        stage.host.attach(request).unwrap().keep();
    }
    stage.attach("mine", &says(1)).ok();
    assert_eq!(stage.names(), ["theirs", "mine"], "not initech's");
    let mut body = request("two", &says(2));
    for tenant in ["globex", "initech", "nobody"] {
        body["tenant"] = json!(tenant);
        assert_eq!(stage.client.post("/v1/attachments", &body).refused(), (403, "forbidden".into()), "{tenant}");
        let disable = format!("/v1/attachments/{tenant}/theirs/disable?revision=1");
        assert_eq!(stage.client.ask("POST", &disable, None).refused(), (403, "forbidden".into()), "{tenant}");
    }
    stage.client.get("/v1/attachments/globex/theirs").ok();
    assert_eq!(stage.client.get("/v1/attachments/initech/theirs").refused(), (403, "forbidden".into()));
    assert_eq!(stage.client.get("/v1/policy/explain?tenant=initech&hook=test.decide").refused().0, 403);
    let hooks = stage.client.get("/v1/hooks").ok();
    assert_eq!(hooks["hooks"][1]["attachments"], 2);
    let tenants = stage.client.get("/v1/tenants").ok();
    let names: Vec<_> = tenants["tenants"].as_array().unwrap().iter().map(|t| (&t["name"], &t["may_change"])).collect();
    assert_eq!(names, [(&json!("acme"), &json!(true)), (&json!("globex"), &json!(false))]);
    let call = json!({ "hook": "test.decide", "arguments": { "n": 1 } });
    assert_eq!(stage.client.post("/v1/call", &call).refused(), (403, "forbidden".into()), "the chain is not theirs");
    let apply = json!({ "dry_run": true, "tenants": ["globex"], "attachments": [] });
    assert_eq!(stage.client.post("/v1/apply", &apply).refused(), (403, "forbidden".into()));
    assert!(!stage.client.get("/metrics").body.contains("initech"));
    assert_eq!(stage.client.get("/v1/policy").ok()["operators"], json!([]));
}

#[test]
fn what_a_caller_may_not_see_is_not_there() {
    let stage = held_to(
        "[[operators]]\nuid = UID\ntenants = [\"acme\"]\n[[operators]]\nuid = UID\ntenants = [\"globex\"]\nmay = \"see\"\n",
    );
    for tenant in ["globex", "initech"] {
        let request = tenterhook::Request::new("test.decide", tenant, says(5)).name("theirs").order(7);
        stage.host.attach(request).unwrap().keep();
    }
    stage.attach("mine", &says(1)).ok();
    let place = |field: &str, beside: &str| {
        let mut body = request("two", &says(2));
        body[field] = json!(beside);
        let order = format!("/v1/attachments/acme/mine/order?revision={}", stage.revision("mine"));
        [
            stage.client.post("/v1/check", &body),
            stage.client.post("/v1/attachments", &body),
            stage.client.post(
                "/v1/attachments/acme/mine/copy",
                &json!({ "hook": "test.decide", "name": "two", field: beside }),
            ),
            stage.client.post(&order, &json!({ field: beside })),
        ]
    };
    for field in ["before", "after"] {
        for (hidden, absent) in place(field, "initech/theirs").iter().zip(place(field, "initech/nobody")) {
            assert_eq!((hidden.refused(), absent.refused().0), ((404, "not_found".into()), 404), "{hidden:?}");
            assert_eq!(hidden.body.replace("theirs", "nobody"), absent.body);
        }
    }
    assert_eq!(stage.names(), ["mine", "theirs"]);
    let beside = place("after", "globex/theirs");
    assert!(beside[0].status == 200 && beside[1].status == 201 && beside[3].status == 200, "{beside:?}");
    assert_eq!(stage.names(), ["theirs", "mine", "two"]);
}

#[test]
fn a_stream_shows_nothing_of_what_its_reader_may_see_no_more() {
    let operator = |tenants: &str| format!("[[operators]]\nuid = UID\ntenants = [{tenants}]\n");
    let stage = held_to(&operator("\"acme\", \"globex\""));
    let set = |policy: &str| {
        let policy = format!("unknown_tenants = \"default\"\n{}", policy.replace("UID", &own_uid().to_string()));
        stage.host.set_policy(tenterhook::policies::Policy::parse(&policy, "policy.toml").unwrap()).unwrap();
    };
    let attach = |tenant: &str, name: &str, order: i32| {
        let request = tenterhook::Request::new("test.decide", tenant, says(1)).name(name).order(order);
        stage.host.attach(request).unwrap().keep();
    };
    let mut lines = stage.client.lines("/v1/events?kind=attached");
    let mut tail = stage.client.lines("/v1/tail?kind=call&sample=1");
    let name = |line: Option<serde_json::Value>| line.map(|line| line["name"].as_str().unwrap().to_owned());
    attach("globex", "before", 0);
    assert_eq!(name(lines.next()), Some("before".to_owned()));
    stage.call(1);
    assert_eq!(name(tail.next()), Some("before".to_owned()));

    set(&operator("\"acme\""));
    stage.call(2);
    attach("globex", "after", 0);
    attach("acme", "mine", -1);
    assert_eq!(name(lines.next()), Some("mine".to_owned()), "globex is not theirs any more");
    stage.call(3);
    assert_eq!(name(tail.next()), Some("mine".to_owned()), "nor is the call before");

    set(&operator("\"globex\""));
    attach("globex", "again", -2);
    assert_eq!(name(lines.next()), Some("again".to_owned()), "and now they may see others");
    // The call path goes by the same rights, as soon as the stream has looked them up.
    let seen = std::sync::atomic::AtomicBool::new(false);
    let told = std::thread::scope(|scope| {
        scope.spawn(|| {
            // Half a minute at most, also where nothing is told.
            for _ in 0..6000 {
                if seen.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                stage.call(5);
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        });
        let told = tail.next();
        seen.store(true, std::sync::atomic::Ordering::Relaxed);
        told
    });
    assert_eq!(name(told), Some("again".to_owned()), "calls of those too");

    set("");
    attach("acme", "last", 0);
    stage.call(4);
    // What was told before is there still; then both end.
    let last = tail.find(|line| line["name"] == "last");
    assert_eq!((name(lines.next()), last), (None, None), "who is no operator any more is told nothing");
}

#[test]
fn the_policy_says_where_tenants_go() {
    let policy = "[[placement]]\nhook = \"test.decide\"\ntenants = [\"acme\"]\norders = [10, 20]\n";
    let stage = Stage::new(policy);
    stage.attach("one", &says(1)).ok();
    assert_eq!(stage.attachment("one")["order"], 10);
    let path = format!("/v1/attachments/acme/one/order?revision={}", stage.revision("one"));
    let answer = stage.client.post(&path, &json!({ "order": 21 }));
    assert_eq!(answer.refused(), (422, "policy".into()));
    assert!(answer.body.contains("expected 10 to 20 (set at policy.toml:1)"), "{answer:?}");
    let mut other = request("two", &says(2));
    other["tenant"] = json!("globex");
    assert_eq!(stage.client.post("/v1/attachments", &other).refused(), (422, "policy".into()));
    let explained = stage.client.get("/v1/policy/explain?tenant=acme&hook=test.decide").ok();
    assert_eq!(explained["placement"]["orders"], json!([10, 20]));
    assert_eq!(explained["placement"]["origin"]["line"], 1);
}

#[test]
fn one_host_at_a_time_and_a_stale_socket_is_replaced() {
    let mut stage = Stage::new("");
    let mode = std::fs::metadata(stage.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let second = host("");
    assert_eq!(stage.serve(&second).err(), Some(ControlError::InUse { socket: stage.socket() }));
    stage.client.get("/v1/version").ok();

    stage.handle = None;
    assert!(!stage.socket().exists(), "it is removed in the end");
    drop(std::os::unix::net::UnixListener::bind(stage.socket()).unwrap());
    assert!(stage.socket().exists(), "as a process that was killed leaves it");
    // A process that another test starts holds copies of every descriptor until it runs its program.
    let handle = (0..100)
        .find_map(|_| {
            let served = stage.serve(&second);
            served.map_err(|_| std::thread::sleep(std::time::Duration::from_millis(50))).ok()
        })
        .expect("a stale socket is replaced");
    stage.client.get("/v1/version").ok();
    drop(handle);

    let foreign = std::os::unix::net::UnixListener::bind(stage.socket()).unwrap();
    assert!(matches!(stage.serve(&second).err(), Some(ControlError::InUse { .. })), "somebody listens there");
    drop(foreign);
    std::fs::remove_file(stage.socket()).unwrap();
    std::fs::write(stage.socket(), "precious").unwrap();
    let refused = stage.serve(&second).err().unwrap().to_string();
    assert!(refused.ends_with("a file that is not a socket is there"), "{refused}");
    assert_eq!(std::fs::read_to_string(stage.socket()).unwrap(), "precious");
}

#[test]
fn a_folder_that_others_can_write_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let host = host("");
    let open = folder.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o777)).unwrap();
    let serve =
        |options: tenterhook_control::ControlOptions| tenterhook_control::Control::serve(&host, options).err().unwrap();
    let socket = serve(tenterhook_control::ControlOptions::new(open.join("socket")));
    assert!(socket.to_string().contains("others can write the socket's folder (mode 777)"), "{socket}");
    let options = tenterhook_control::ControlOptions::new(folder.path().join("socket")).attachments(&open);
    assert!(serve(options).to_string().contains("others can write it (mode 777)"));
    let long = folder.path().join("x".repeat(120));
    assert!(serve(tenterhook_control::ControlOptions::new(long)).to_string().contains("at most 107 bytes"));
    let missing = serve(tenterhook_control::ControlOptions::new(folder.path().join("none/socket")));
    assert!(missing.to_string().contains("cannot be examined"), "{missing}");
    let _ = cache();
}

#[test]
fn an_operator_whom_the_machine_does_not_know_is_named_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let host = host("\n[[operators]]\ngroup = \"no-such-group-here\"\ntenants = [\"*\"]\n");
    let options = tenterhook_control::ControlOptions::new(folder.path().join("socket"));
    let error = tenterhook_control::Control::serve(&host, options).err().unwrap();
    assert_eq!(error.to_string(), "policy.toml:2: operators: no group no-such-group-here on this machine");
}

//! What clients can send, and how much of it: nothing of it stalls the control plane, let alone a call.

use std::io::{BufReader, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use serde_json::json;
use tenterhook_tests::http::{self, Answer};

use crate::rights::held_to;
use crate::stage::{Stage, request, says};

#[test]
fn a_body_that_is_too_large_is_refused() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let body = vec![b' '; (4 << 20) + 1];
    let answer = stage.client.ask_raw("POST", "/v1/attachments", &body).unwrap();
    assert_eq!(answer.refused(), (413, "too_large".into()));
    let fits = [request("two", &says(2)).to_string().into_bytes(), vec![b' '; 3 << 20]].concat();
    assert_eq!(stage.client.ask_raw("POST", "/v1/attachments", &fits).unwrap().status, 201);
    let script = format!("{}\n--{}", says(3), "x".repeat(1 << 20));
    assert_eq!(stage.attach("three", &script).refused(), (413, "policy".into()), "over the policy's own limit");
    assert_eq!(stage.call(0), 1);
}

#[test]
fn a_head_that_is_too_large_or_no_head_at_all_is_refused() {
    let stage = Stage::new("");
    for head in [format!("GET /v1/version?{} HTTP/1.1\r\n\r\n", "x".repeat(100_000)), "\0\0\0\r\n\r\n".to_owned()] {
        let mut stream = stage.client.connect().unwrap();
        let _ = stream.write_all(head.as_bytes());
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    stage.client.get("/v1/version").ok();
}

#[test]
fn slow_clients_hold_nobody_up() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let mut slow: Vec<UnixStream> = Vec::new();
    for head in [
        "",
        "GE",
        "GET /v1/version HTTP/1.1\r\nhost: x",
        "POST /v1/attachments HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{",
        "GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /v1/tail?kind=log,call&sample=1 HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        for _ in 0..5 {
            let mut stream = stage.client.connect().unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            slow.push(stream);
        }
    }
    // Nobody takes what these streams are told.
    for n in 0..2000 {
        assert_eq!(stage.call(n), 1);
    }
    stage.client.get("/v1/version").ok();
    stage.attach("two", &says(2)).ok();
    // A body that does not come is waited for 10 s, a head too.
    let mut waiting = slow.swap_remove(15);
    waiting.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let answer = http::read(&mut BufReader::new(&mut waiting)).unwrap();
    assert_eq!(answer.refused(), (408, "timeout".into()));
    let mut head = slow.swap_remove(5);
    head.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut rest = Vec::new();
    let closed = head.read_to_end(&mut rest);
    assert!(closed.is_ok(), "the connection is closed: {closed:?}");
}

#[test]
fn connections_and_streams_are_bounded_and_the_rest_is_told() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let streams: Vec<_> = (0..16).map(|_| stage.client.lines("/v1/events")).collect();
    assert_eq!(stage.client.get("/v1/events").refused(), (429, "busy".into()));
    let idle: Vec<UnixStream> = (0..200).map(|_| stage.client.connect().unwrap()).collect();
    let mut refused = 0;
    for mut stream in idle {
        stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let mut first = [0; 12];
        refused += usize::from(stream.read_exact(&mut first).is_ok() && &first == b"HTTP/1.1 429");
    }
    assert!(refused >= 200 - 64, "{refused}");
    assert_eq!(stage.call(0), 1);
    drop(streams);
    // All of them are closed by now, and the server takes note.
    let free = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        stage.client.ask_raw("GET", "/v1/version", b"").is_ok_and(|answer| answer.status == 200)
    });
    assert!(free, "others get their turn");
}

#[test]
fn scripts_that_take_their_time_to_load_do_not_hold_up_lists() {
    let stage = Stage::new("[tenants.acme]\nfuel = \"300M\"\n");
    stage.attach("one", &says(1)).ok();
    std::thread::scope(|scope| {
        let slow: Vec<_> = (0..12)
            .map(|n| {
                let body = json!({
                    "hook": "test.decide", "tenant": "acme", "name": format!("slow{n}"), "source": "while true do end",
                });
                let client = stage.client.clone();
                scope.spawn(move || client.post("/v1/attachments", &body).refused())
            })
            .collect();
        for n in 0..20 {
            assert_eq!(stage.call(n), 1);
            stage.client.get("/v1/attachments").ok();
        }
        for answer in slow.into_iter().map(|thread| thread.join().unwrap()) {
            assert!(matches!(answer.0, 422 | 429), "{answer:?}");
        }
    });
    assert_eq!(stage.names(), ["one"]);
}

/// What is answered to a head whose body does not come.
fn answer_to_head(stage: &Stage, line: &str) -> Answer {
    let mut stream = stage.client.connect().unwrap();
    write!(stream, "{line} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{{").unwrap();
    http::read(&mut BufReader::new(stream)).unwrap()
}

#[test]
fn nothing_is_read_of_a_body_whose_sender_may_not_ask() {
    let nobody = held_to("[[operators]]\nuid = 4000000000\ntenants = [\"*\"]\n");
    let looks = held_to("[[operators]]\nuid = UID\ntenants = [\"*\"]\nmay = \"see\"\n");
    let changes = held_to("[[operators]]\nuid = UID\ntenants = [\"acme\"]\n");
    // Without their bodies: what is waited for them is 10 s, and 60 s for `apply`, and then it is no refusal.
    for (stage, line) in [
        (&nobody, "GET /v1/version"),
        (&nobody, "POST /v1/apply"),
        (&looks, "POST /v1/apply"),
        (&looks, "POST /v1/call"),
        (&changes, "PUT /v1/attachments/globex/one?revision=1"),
    ] {
        assert_eq!(answer_to_head(stage, line).refused(), (403, "forbidden".into()), "{line}");
        assert_eq!(
            stage.audit().last().unwrap()["action"],
            line.split('?').next().unwrap().replace("globex/one", "{tenant}/{name}")
        );
    }
}

#[test]
fn one_user_takes_no_more_than_a_part_of_what_there_is() {
    let stage = held_to("[[operators]]\nuid = UID\ntenants = [\"acme\"]\n");
    let streams: Vec<_> = (0..4).map(|_| stage.client.lines("/v1/events")).collect();
    assert_eq!(stage.client.get("/v1/events").refused(), (429, "busy".into()));
    // Four are taken; the one that was refused may not be closed yet.
    let idle: Vec<UnixStream> = (0..11).map(|_| stage.client.connect().unwrap()).collect();
    let fits = (0..100).any(|_| {
        let answer = stage.client.ask_raw("GET", "/v1/version", b"");
        answer.is_ok_and(|answer| answer.status == 200) || {
            std::thread::sleep(Duration::from_millis(50));
            false
        }
    });
    assert!(fits, "the sixteenth");
    // Its connection takes a moment to be closed, after which another one is the sixteenth.
    let mut last = Vec::new();
    let told = (0..100).any(|_| {
        let mut stream = stage.client.connect().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        let mut first = [0; 12];
        let told = stream.read_exact(&mut first).is_ok() && &first == b"HTTP/1.1 429";
        last.push(stream);
        told
    });
    assert!(told && last.len() <= 2, "the seventeenth: {}", last.len());
    drop((streams, idle));
}

#[test]
fn bodies_and_names_have_exact_bounds() {
    let stage = Stage::new("");
    let padded = |mut body: Vec<u8>, len: usize| {
        body.resize(len, b' ');
        body
    };
    let apply = json!({ "dry_run": true, "tenants": ["acme"], "attachments": [] }).to_string().into_bytes();
    for (path, body, most) in
        [("/v1/check", request("one", &says(1)).to_string().into_bytes(), 4 << 20), ("/v1/apply", apply, 64 << 20)]
    {
        for (len, status) in [(most - 1, 200), (most, 200), (most + 1, 413)] {
            let answer = stage.client.ask_raw("POST", path, &padded(body.clone(), len)).unwrap();
            assert_eq!(answer.status, status, "{path} {len}: {}", answer.body);
        }
    }
    for (len, status) in [(63, 201), (64, 201), (65, 400)] {
        assert_eq!(stage.attach(&"n".repeat(len), &says(1)).status, status, "{len}");
        let get = stage.client.get(&format!("/v1/attachments/acme/{}", "n".repeat(len)));
        assert_eq!(get.status, if status == 201 { 200 } else { 404 }, "{len}");
    }
    for (len, told) in [(127, "no attachment"), (128, "no attachment"), (129, "names have at most 128 bytes")] {
        let answer = stage.client.get(&format!("/v1/attachments/acme/{}", "n".repeat(len)));
        assert_eq!(answer.refused(), (404, "not_found".into()));
        assert!(answer.body.contains(told), "{len}: {answer:?}");
    }
}

#[test]
fn a_body_that_comes_in_pieces_is_held_to_the_same_bound() {
    let stage = Stage::new("");
    for (len, status) in [((4 << 20) - 1, 200), (4 << 20, 200), ((4 << 20) + 1, 413)] {
        let mut body = request("one", &says(1)).to_string().into_bytes();
        body.resize(len, b' ');
        let mut stream = stage.client.connect().unwrap();
        stream.write_all(b"POST /v1/check HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n").unwrap();
        for piece in body.chunks(1 << 16) {
            let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
            // A server that has heard enough closes.
            if stream.write_all(&chunk).is_err() {
                break;
            }
        }
        let _ = stream.write_all(b"0\r\n\r\n");
        assert_eq!(http::read(&mut BufReader::new(stream)).unwrap().status, status, "{len}");
    }
}

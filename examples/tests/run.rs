//! The examples run, and say what they are there to say.

#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// An example as cargo built it: beside this test's own folder.
fn example(name: &str) -> Command {
    let here = std::env::current_exe().unwrap();
    let built: PathBuf = here.parent().and_then(|deps| deps.parent()).unwrap().join("examples").join(name);
    assert!(built.exists(), "{}: expected to be built; `cargo test -p tenterhook-examples` does", built.display());
    let mut command = Command::new(built);
    // Nothing of the user's: no program is named.
    command.env_remove("TENTERHOOK_SOCKET");
    command
}

/// A process that ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Gone already is what was wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn output(name: &str) -> String {
    let output = example(name).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn hello_hook_greets() {
    let text = output("hello_hook");
    assert!(text.starts_with("Ada is greeted 3 times"), "{text}");
    assert!(text.ends_with("Without the script: 1 time\n"), "{text}");
    let source = include_str!("../hello_hook.rs");
    assert!(source.lines().count() < 40);
}

#[test]
fn two_tenants_do_not_harm_each_other() {
    let text = output("two_tenants");
    for line in ["notes.txt: allowed", "film.mkv: refused", "setup.exe: refused"] {
        assert!(text.lines().any(|written| written == line), "{line}: {text}");
    }
    assert_eq!(text.matches("mallory's script: ").count(), 3, "{text}");
}

#[test]
fn opentelemetry_shows_spans() {
    let text = output("opentelemetry");
    for part in ["request", "/greetings/ada", "greeting Ada"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn control_socket_serves_until_it_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("s");
    let child = example("control_socket").arg(&socket).stdout(Stdio::piped()).spawn().unwrap();
    let mut running = Running(child);
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("serving on "), "{line}");
    let mut stream = UnixStream::connect(&socket).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(b"GET /v1/hooks HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    drop(running);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    for name in ["demo.admit", "demo.served", "bgp.route_match", "bgp.peer_status"] {
        assert!(answer.contains(name), "{name}: {answer}");
    }
}

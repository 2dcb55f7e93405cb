//! `tenterhook top` on a terminal, where tmux gives one.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tenterhook_tests::bench::cache;

use crate::program::{Program, adding};

/// A tmux server of the test's own.
struct Tmux<'a> {
    socket: &'a Path,
}

impl Tmux<'_> {
    fn run(&self, args: &[&str]) -> Option<String> {
        let output = Command::new("tmux")
            .arg("-u")
            .arg("-S")
            .arg(self.socket)
            .args(["-f", "/dev/null"])
            .args(args)
            .output()
            .ok()?;
        assert!(output.status.success(), "{args:?}: {output:?}");
        Some(String::from_utf8(output.stdout).unwrap())
    }

    fn screen(&self) -> String {
        self.run(&["capture-pane", "-p", "-t", "0"]).unwrap()
    }

    /// The screen once it is as wanted.
    fn wait(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(Instant::now() < end, "never seen: {what}\n{screen}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        // Gone already is what was wanted.
        let _ = Command::new("tmux").arg("-S").arg(self.socket).arg("kill-server").output();
    }
}

/// A shell script that runs `top` and keeps the terminal's settings before and after.
fn session(program: &Program) -> String {
    let path = |name: &str| program.path(name).display().to_string();
    format!(
        "export XDG_CACHE_HOME={cache}; stty -a > {before}; \
         sh -c 'echo $$ > {pid}; exec {command} top --interval 0.3 --socket {socket}'; echo ended with $?; \
         stty -a > {after}.part; mv {after}.part {after}; sleep 600",
        cache = cache().display(),
        before = path("before"),
        pid = path("pid"),
        command = env!("CARGO_BIN_EXE_tenterhook-tested"),
        socket = program.socket.display(),
        after = path("after"),
    )
}

/// The terminal's settings but for its size, once they are written.
fn settings(path: &Path) -> String {
    let end = Instant::now() + Duration::from_secs(60);
    while !path.exists() {
        assert!(Instant::now() < end, "{} is never written", path.display());
        std::thread::sleep(Duration::from_millis(50));
    }
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).collect::<Vec<_>>().join("\n")
}

fn is_measured(screen: &str) -> bool {
    screen.lines().any(|line| line.starts_with("acme/pair") && !line.contains('–'))
}

#[test]
fn top_fills_the_terminal_follows_its_size_and_gives_it_back() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    let load = program.load(1);
    let socket = program.path("tmux");
    let tmux = Tmux { socket: &socket };
    if tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", &session(&program)]).is_none() {
        eprintln!("skipped: there is no tmux");
        load.end();
        return;
    }
    let small = tmux.wait("rates in 80 × 24", is_measured);
    let line = |screen: &str, number: usize| screen.lines().nth(number).unwrap_or_default().to_owned();
    assert!(line(&small, 2).contains("calls/s▼") && !small.contains("denied/s"), "{small}");
    assert!(line(&small, 23).starts_with("q quit"), "{small}");
    tmux.run(&["resize-window", "-t", "0", "-x", "200", "-y", "50"]);
    let is_large = |screen: &str| screen.contains("denied/s") && line(screen, 49).starts_with("q quit");
    let large = tmux.wait("200 × 50", is_large);
    assert!(large.contains("demo.pair"), "{large}");
    tmux.run(&["send-keys", "-t", "0", "h"]);
    tmux.wait("hook points", |screen| screen.lines().any(|line| line.starts_with("demo.pair")));
    tmux.run(&["send-keys", "-t", "0", "q"]);
    let ended = tmux.wait("its end", |screen| screen.contains("ended with 0"));
    assert!(!ended.contains("calls/s"), "the screen is as it was: {ended}");
    assert_eq!(settings(&program.path("after")), settings(&program.path("before")));
    assert!(load.end() > 0);
}

#[test]
fn a_signal_gives_the_terminal_back_too() {
    let program = Program::new();
    let socket = program.path("tmux");
    let tmux = Tmux { socket: &socket };
    if tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", &session(&program)]).is_none() {
        eprintln!("skipped: there is no tmux");
        return;
    }
    tmux.wait("the screen", |screen| screen.contains("q quit"));
    let pid = std::fs::read_to_string(program.path("pid")).unwrap();
    assert!(Command::new("kill").args(["-TERM", pid.trim()]).status().unwrap().success());
    let ended = tmux.wait("its end", |screen| screen.contains("ended with 0"));
    assert!(!ended.contains("q quit"), "the screen is as it was: {ended}");
    assert_eq!(settings(&program.path("after")), settings(&program.path("before")));
}

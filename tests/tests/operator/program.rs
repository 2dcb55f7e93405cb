//! A program to operate on.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};

use serde_json::Value as Json;
use tenterhook::policies::Policy;
use tenterhook::{Hook, Host, hook_point};
use tenterhook_control::{Control, ControlHandle, ControlOptions};
use tenterhook_tests::bench::cache;

use crate::process::{Run, run};

hook_point! {
    /// Two numbers that belong together.
    ///
    /// A mix of two scripts would show.
    pub Pair = "demo.pair", version 1, chain first {
        /// Where both begin.
        arg number: u32,
        /// One of them.
        result left: u32 = 0,
        /// The other one.
        result right: u32 = 0,
    }
}

hook_point! {
    /// Sees numbers.
    pub Seen = "demo.seen", version 1, chain observe {
        /// A number.
        arg number: u32,
    }
}

/// A script whose answers are `by` more than the number.
pub fn adding(by: u32) -> String {
    format!("function pair(number) return {{ left = number + {by}, right = number + {by} }} end\n")
}

/// A host with a control socket. Fields go from the first to the last.
pub struct Program {
    _control: ControlHandle,
    pub pair: Hook<Pair>,
    pub seen: Hook<Seen>,
    pub socket: PathBuf,
    folder: tempfile::TempDir,
}

impl Program {
    /// One that whoever runs the tests may operate.
    pub fn new() -> Program {
        Program::with("", |options| options)
    }

    /// One with a policy, and a control plane to taste.
    pub fn with(policy: &str, options: impl FnOnce(ControlOptions) -> ControlOptions) -> Program {
        Program::start(tempfile::tempdir().unwrap(), policy, options)
    }

    /// The same program after it has ended, and something has happened to what it keeps.
    pub fn restarted(self, policy: &str, meanwhile: impl FnOnce(&Path)) -> Program {
        let Program { _control, folder, .. } = self;
        drop(_control);
        meanwhile(&folder.path().join("kept"));
        Program::start(folder, policy, |options| options)
    }

    fn start(
        folder: tempfile::TempDir,
        policy: &str,
        options: impl FnOnce(ControlOptions) -> ControlOptions,
    ) -> Program {
        let socket = folder.path().join("s");
        let policy = Policy::parse(policy, "policy.toml").unwrap();
        let host = Host::builder().policy(policy).cache(Some(cache().join("tenterhook"))).build().unwrap();
        let (pair, seen) = (host.declare::<Pair>().unwrap(), host.declare::<Seen>().unwrap());
        let kept = ControlOptions::new(&socket).attachments(folder.path().join("kept"));
        let control = Control::serve(&host, options(kept)).unwrap();
        Program { _control: control, pair, seen, socket, folder }
    }

    /// Writes a file of the operator's, and says where it is.
    pub fn file(&self, name: &str, content: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// A path of the operator's.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the command on this program.
    pub fn run(&self, args: &[&str]) -> Run {
        run(&[args, &["--socket", self.socket.to_str().unwrap()]].concat())
    }

    /// Runs the command, which has to succeed.
    pub fn done(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{args:?}: {run:?}");
        run
    }

    /// Runs the command with `--json`, which has to succeed.
    pub fn json(&self, args: &[&str]) -> Json {
        self.done(&[args, &["--json"]].concat()).json()
    }

    /// Names of what is attached, in order.
    pub fn attached(&self) -> Vec<String> {
        let listed = self.json(&["list"]);
        let all = listed["attachments"].as_array().unwrap();
        all.iter().map(|a| format!("{}/{}", a["tenant"].as_str().unwrap(), a["name"].as_str().unwrap())).collect()
    }

    /// Calls the hook point from that many threads until the load is dropped.
    pub fn load(&self, threads: usize) -> Load {
        let (ended, calls, answered) =
            (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let work = |start: u32| {
            let (pair, ended, calls, answered) =
                (self.pair.clone(), Arc::clone(&ended), Arc::clone(&calls), Arc::clone(&answered));
            thread::spawn(move || {
                let mut number = start;
                while !ended.load(Ordering::Relaxed) {
                    number = number.wrapping_add(8) % 1_000_000;
                    let outcome = pair.invoke(&PairArgs { number });
                    assert_eq!(outcome.failures, [], "no call fails");
                    assert_eq!(outcome.results.left, outcome.results.right, "no call sees a mix");
                    calls.fetch_add(1, Ordering::Relaxed);
                    answered.fetch_add(u64::from(outcome.results.left > 0), Ordering::Relaxed);
                    // Others want the processors too.
                    thread::yield_now();
                }
            })
        };
        let threads = (0..threads).map(|start| work(u32::try_from(start).unwrap())).collect();
        Load { ended: Arc::clone(&ended), calls, answered, threads }
    }
}

/// Threads that call.
pub struct Load {
    ended: Arc<AtomicBool>,
    calls: Arc<AtomicU64>,
    answered: Arc<AtomicU64>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Ends it, and says how many calls a script answered. A call that failed or saw a mix fails the test.
    pub fn end(mut self) -> u64 {
        self.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
        self.answered.load(Ordering::Relaxed)
    }
}

/// Where a test fails before it ends the load, nobody goes on calling.
impl Drop for Load {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // The test has failed already; what the thread saw is printed.
            let _ = thread.join();
        }
    }
}

/// The status and the JSON of an answer to curl; `None` where there is no curl.
pub fn curl(socket: &Path, method: &str, path: &str, body: Option<&Json>) -> Option<(u16, Json)> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--write-out", "\n%{http_code}", "--request", method, "--unix-socket"]).arg(socket);
    if let Some(body) = body {
        command.args(["--header", "content-type: application/json", "--data-binary", &body.to_string()]);
    }
    let output = match command.arg(format!("http://tenterhook{path}")).output() {
        Ok(output) => output,
        Err(_) => {
            eprintln!("skipped: there is no curl");
            return None;
        }
    };
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let (body, status) = text.rsplit_once('\n').unwrap();
    Some((status.parse().unwrap(), serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {body}"))))
}

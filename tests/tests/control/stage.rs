//! A host with a control plane, and a client of it.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tenterhook::hooks::schema::{Declaration, EnumType, Type, Variant};
use tenterhook::hooks::value::Value;
use tenterhook::policies::Policy;
use tenterhook::{DynamicHook, Host, SandboxOptions};
use tenterhook_control::{Control, ControlError, ControlHandle, ControlOptions};
use tenterhook_tests::bench::cache;
use tenterhook_tests::http::{Answer, Client};

pub struct Stage {
    pub client: Client,
    pub host: Host,
    pub hook: DynamicHook,
    pub handle: Option<ControlHandle>,
    pub folder: TempDir,
}

/// A hook point with an enum and two numbers that belong together.
pub fn declaration(name: &str) -> Arc<Declaration> {
    let variant = |name: &str, value| Variant { name: name.into(), value, doc: String::new() };
    let verdict = Type::Enum(Arc::new(EnumType {
        name: "Verdict".into(),
        doc: String::new(),
        variants: vec![variant("PASS", 0), variant("DROP", 1)],
    }));
    Declaration::builder(name, 1)
        .doc("Decides.")
        .argument("n", Type::INTEGER, "a number")
        .argument("word", Type::text(100).optional(), "a word")
        .result("verdict", verdict, Value::Enum(0), "what to do")
        .result("a", Type::INTEGER, Value::Integer(0), "a number")
        .result("b", Type::INTEGER, Value::Integer(0), "the same number")
        .build()
        .unwrap()
}

/// A host on the compiled interpreter that all tests share.
pub fn host(policy: &str) -> Host {
    let policy = Policy::parse(policy, "policy.toml").unwrap();
    let sandbox = SandboxOptions { max_executors: 100, cache: Some(cache()), ..SandboxOptions::default() };
    let host = Host::builder().policy(policy).sandbox(sandbox).threads(16).build().unwrap();
    host.declare_dynamic(&declaration("test.decide")).unwrap();
    host.declare_dynamic(&declaration("other.decide")).unwrap();
    host
}

impl Stage {
    pub fn new(policy: &str) -> Stage {
        Stage::with(policy, |options| options)
    }

    pub fn with(policy: &str, change: impl FnOnce(ControlOptions) -> ControlOptions) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let host = host(policy);
        let options = ControlOptions::new(folder.path().join("socket")).attachments(folder.path().join("attachments"));
        let options = change(options.audit(folder.path().join("audit")));
        let handle = Control::serve(&host, options).unwrap();
        let client = Client::new(folder.path().join("socket"));
        let hook = host.declare_dynamic(&declaration("test.decide")).unwrap();
        Stage { client, host, hook, handle: Some(handle), folder }
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// Another host on the same folder, after this one has stopped.
    pub fn restarted(mut self, policy: &str) -> Stage {
        self.handle = None;
        let host = host(policy);
        let hook = host.declare_dynamic(&declaration("test.decide")).unwrap();
        let handle = self.serve(&host).unwrap();
        Stage { client: self.client, host, hook, handle: Some(handle), folder: self.folder }
    }

    /// A control plane for another host, on the same socket and folder.
    pub fn serve(&self, host: &Host) -> Result<ControlHandle, ControlError> {
        let options = ControlOptions::new(self.socket()).attachments(self.folder.path().join("attachments"));
        Control::serve(host, options)
    }

    pub fn attach(&self, name: &str, source: &str) -> Answer {
        self.client.post("/v1/attachments", &request(name, source))
    }

    /// The attachment of acme.
    pub fn attachment(&self, name: &str) -> Json {
        self.client.get(&format!("/v1/attachments/acme/{name}")).ok()["attachment"].clone()
    }

    pub fn revision(&self, name: &str) -> u64 {
        self.attachment(name)["revision"].as_u64().unwrap()
    }

    /// Names in the order they run in.
    pub fn names(&self) -> Vec<String> {
        let list = self.client.get("/v1/attachments").ok();
        let names = list["attachments"].as_array().unwrap().iter().map(|a| a["name"].as_str().unwrap().to_owned());
        names.collect()
    }

    /// What the hook point's first number comes to.
    pub fn call(&self, n: i64) -> i64 {
        let outcome = self.hook.invoke(&[Value::Integer(n), Value::Nil], &mut ());
        match outcome.answer.result(1) {
            Some(Value::Integer(a)) => *a,
            _ => 0,
        }
    }

    /// The audit's lines.
    pub fn audit(&self) -> Vec<Json> {
        let text = std::fs::read_to_string(self.folder.path().join("audit")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub fn request(name: &str, source: &str) -> Json {
    json!({ "hook": "test.decide", "tenant": "acme", "name": name, "source": source })
}

/// A script that answers with a number, twice.
pub fn says(number: i64) -> String {
    format!("function decide(n) return {{ a = {number}, b = {number} }} end")
}

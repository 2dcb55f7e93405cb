//! Two tenants on one host around a hostile guest.

use tenterhook::hooks::value::Value;
use tenterhook::{AttachError, CallReport, DynamicHook, FailureKind, Fault, Host, Link, Request, SandboxOptions};
use tenterhook_tests::bench::{Bench, rules, unique};

use crate::module::{Module, STACK};

/// What a call came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// An answer: the result `integer`.
    Answer(i64),
    Fault(Fault),
}

impl Seen {
    /// Whether it is a fault of that cause, with these words in it.
    #[track_caller]
    pub fn is(&self, cause: &str, words: &str) {
        match self {
            Seen::Fault(fault) if fault.cause().as_str() == cause && fault.to_string().contains(words) => {}
            other => panic!("expected a fault '{cause}' with '{words}', got {other:?}"),
        }
    }

    #[track_caller]
    pub fn answers(&self, integer: i64) {
        assert_eq!(self, &Seen::Answer(integer));
    }
}

pub struct Stand {
    bench: Bench,
}

/// One call since the image, with the stack pointer where it was.
pub const HONEST: i64 = 1_000_000 + STACK as i64;

impl Stand {
    /// A host around the module.
    pub fn new(module: &Module) -> Stand {
        let wasm = module.wasm();
        Stand { bench: Bench::with(|builder| builder.sandbox(options()).guest(wasm)) }
    }

    fn hook(&self) -> &DynamicHook {
        self.bench.hook("test.run").unwrap()
    }

    pub fn attach(&self, tenant: &str, source: &str) -> Result<Link, AttachError> {
        self.attach_within(tenant, source, "1MiB")
    }

    /// The same with so much memory.
    pub fn attach_within(&self, tenant: &str, source: &str, memory: &str) -> Result<Link, AttachError> {
        let policy = format!("[defaults]\nfuel = \"10M\"\nmemory = \"{memory}\"\nanswer = \"1KiB\"\n");
        let grants = format!("[[tenants.{tenant}.grants]]\ncapability = \"probe\"\nreason = \"tested\"\n");
        let rules = rules(&format!("{policy}{grants}"), tenant, "test.run");
        self.bench.host.attach(Request::new("test.run", tenant, source).name(unique(tenant)).rules(rules))
    }

    /// One call of whatever is attached, with a string of that length.
    pub fn call(&self, length: usize) -> Seen {
        let mut seen = None;
        let args = [Value::Integer(7), Value::String(vec![b'x'; length])];
        let _ = self.hook().invoke(&args, &mut |report: &CallReport<'_>| {
            seen = Some(match report.result {
                Ok(answer) => match answer.result(2) {
                    Some(Value::Integer(v)) => Seen::Answer(*v),
                    _ => Seen::Answer(0),
                },
                Err(FailureKind::Fault(fault)) => Seen::Fault(fault.clone()),
                Err(other) => panic!("{other:?}"),
            });
        });
        seen.unwrap()
    }

    /// An honest tenant's call, attached for it alone.
    #[track_caller]
    pub fn another_tenant_is_well(&self) {
        let _link = self.attach("honest", "G").unwrap();
        self.call(4).answers(HONEST);
        self.call(4).answers(HONEST);
    }

    /// What a hostile tenant's call comes to: the first one, and the same again. Another tenant is asked before,
    /// between and after.
    #[track_caller]
    pub fn attack_with(&self, length: usize) -> Seen {
        self.another_tenant_is_well();
        let link = self.attach("hostile", "H").unwrap();
        let first = self.call(length);
        drop(link);
        self.another_tenant_is_well();
        let _link = self.attach("hostile", "H").unwrap();
        assert_eq!(self.call(length), first, "the same again");
        assert_eq!(self.call(length), first, "the same at once");
        drop(_link);
        self.another_tenant_is_well();
        first
    }
}

/// What a hostile call of the module comes to.
#[track_caller]
pub fn attack(module: &Module) -> Seen {
    Stand::new(module).attack_with(4)
}

/// Why the module is not even started.
#[track_caller]
pub fn refused(module: &Module) -> String {
    refused_wasm(module.wasm())
}

#[track_caller]
pub fn refused_wasm(wasm: Vec<u8>) -> String {
    match Host::builder().sandbox(options()).guest(wasm).build() {
        Ok(_) => panic!("a host was built around it"),
        Err(error) => error.to_string(),
    }
}

/// Why a hostile tenant's script is not attached. An honest one's is, before and after.
#[track_caller]
pub fn unattached(module: &Module) -> Fault {
    let stand = Stand::new(module);
    stand.another_tenant_is_well();
    let fault = match stand.attach("hostile", "H") {
        Err(AttachError::Load(fault)) => fault,
        other => panic!("expected a fault, got {other:?}"),
    };
    stand.another_tenant_is_well();
    fault
}

fn options() -> SandboxOptions {
    SandboxOptions { max_executors: 8, cache: None, ..SandboxOptions::default() }
}

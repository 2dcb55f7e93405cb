//! A capability that misbehaves on demand.

use std::sync::OnceLock;
use std::time::Duration;

use tenterhook::hooks::value::Value;
use tenterhook::{Argument, CallError, Caller, Capability, DynamicHook, Reply};

/// How long `probe.slow()` takes.
const SLOW: Duration = Duration::from_millis(2);

/// A capability that acts on demand: `probe.echo(x)`, `probe.refuse(why)`, `probe.fail(why)`, `probe.panic()`,
/// `probe.long(bytes)`, `probe.nest()`, `probe.slow()`.
#[derive(Default)]
pub struct Probe {
    /// What `probe.nest()` fires, and with which arguments.
    nested: OnceLock<(DynamicHook, Vec<Value>)>,
}

impl Probe {
    /// Sets what `probe.nest()` fires from now on.
    pub fn nest(&self, hook: DynamicHook, arguments: Vec<Value>) {
        let _ = self.nested.set((hook, arguments));
    }
}

impl Capability for Probe {
    fn library(&self) -> &str {
        "probe"
    }

    fn functions(&self) -> &[&str] {
        &["echo", "refuse", "fail", "panic", "long", "nest", "slow"]
    }

    fn call(&self, function: usize, arguments: &[Argument<'_>], _: &mut Caller<'_>) -> Result<Reply, CallError> {
        let text = match arguments.first() {
            Some(Argument::String(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        match self.functions()[function] {
            "echo" => Ok(match arguments.first() {
                None | Some(Argument::Nil) => Reply::Nothing,
                Some(Argument::Boolean(v)) => Reply::Boolean(*v),
                Some(Argument::Integer(v)) => Reply::Integer(*v),
                Some(Argument::Float(v)) => Reply::Float(*v),
                Some(Argument::String(bytes)) => Reply::String(bytes.to_vec()),
                Some(Argument::Address(v)) => Reply::String(v.to_string().into_bytes()),
                Some(Argument::Prefix(v)) => Reply::String(v.to_string().into_bytes()),
                Some(Argument::Other) => Reply::String(b"other".to_vec()),
                Some(Argument::TooLarge) => Reply::String(b"too large".to_vec()),
            }),
            "refuse" => Err(CallError::Refused(text)),
            "fail" => Err(CallError::Failed(text)),
            // As `panic!`, but without printing.
            "panic" => std::panic::resume_unwind(Box::new("on demand")),
            "long" => match arguments.first() {
                Some(Argument::Integer(bytes)) => Ok(Reply::String(vec![b'x'; usize::try_from(*bytes).unwrap_or(0)])),
                _ => Err(CallError::Refused("expected a number of bytes".into())),
            },
            "slow" => {
                std::thread::sleep(SLOW);
                Ok(Reply::Nothing)
            }
            _ => {
                let Some((hook, arguments)) = self.nested.get() else {
                    return Err(CallError::Failed("nothing to fire".into()));
                };
                let outcome = hook.invoke(arguments, &mut ());
                match outcome.failures.first() {
                    Some(failure) => Err(CallError::Refused(format!("{:?}", failure.kind))),
                    None => Ok(Reply::Nothing),
                }
            }
        }
    }
}

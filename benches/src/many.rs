//! Many attachments: in one chain, or each at a hook point of its own, called in turn.

use anyhow::{Context, Result, ensure};
use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::{DynamicHook, Host, Link, Request};

/// A handler that does next to nothing, and has the host go on to the next one.
const SCRIPT: &str =
    "local seen = 0\nfunction integer(n) seen = seen + 1 if n < 0 then return { next = seen } end return {} end";

/// A host with so many attachments of different tenants, their state fresh.
pub struct Many {
    hooks: Vec<DynamicHook>,
    args: [Value; 1],
    _links: Vec<Link>,
    _host: Host,
}

impl Many {
    /// All of them at one hook point.
    ///
    /// # Errors
    /// A host or a script that is none.
    pub fn chain(scripts: usize) -> Result<Many> {
        Many::new(1, scripts)
    }

    /// Each at a hook point of its own.
    ///
    /// # Errors
    /// As above.
    pub fn apart(scripts: usize) -> Result<Many> {
        Many::new(scripts, 1)
    }

    fn new(hooks: usize, scripts: usize) -> Result<Many> {
        let host = Host::builder().build()?;
        let (mut declared, mut links) = (Vec::new(), Vec::new());
        for hook in 0..hooks {
            let name = format!("bench.of{hook}.integer");
            let any = || Type::Integer { min: i64::MIN, max: i64::MAX };
            let declaration = Declaration::builder(&name, 1)
                .argument("n", any(), "Any integer.")
                .result("next", any(), Value::Integer(0), "The next one.")
                .build()?;
            declared.push(host.declare_dynamic(&declaration)?);
            for script in 0..scripts {
                let tenant = format!("tenant{}", (hook + script) % 1000);
                let request = Request::new(&name, tenant, SCRIPT).name(format!("script{script}"));
                links.push(host.attach(request).context("a script that does next to nothing")?);
            }
        }
        Ok(Many { hooks: declared, args: [Value::Integer(1)], _links: links, _host: host })
    }

    /// One invocation at the hook point of that number, counted round and round.
    #[inline]
    pub fn invoke(&self, number: usize) -> bool {
        self.hooks[number % self.hooks.len()].invoke(&self.args, &mut ()).failures.is_empty()
    }

    /// Every hook point once; nothing may fail.
    ///
    /// # Errors
    /// A failure.
    pub fn check(&self) -> Result<()> {
        ensure!((0..self.hooks.len()).all(|hook| self.invoke(hook)), "a call failed");
        Ok(())
    }
}

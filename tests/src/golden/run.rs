//! Runs golden scripts: each in an attachment of its own, several times over.

use serde_json::Value as Json;
use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::policies::State;
use tenterhook::{DynamicHook, Host, Link, Request};
use tenterhook_cli::survive::{self, Observed, Outcome, Script, TENANT};

use crate::bench::{Bench, rules, unique};
use crate::points;

/// A bench with a tenant on it that golden scripts are strangers to: after each of them, its calls have to be the same.
pub struct Stand {
    bench: Bench,
    neighbour: DynamicHook,
    clean: Observed,
    _link: Link,
}

/// Touches what a stranger could have spoilt.
const NEIGHBOUR: &str = r#"
local calls = 0
function neighbour(n)
    calls = calls + 1
    assert(calls == 1 and stranger == nil, "another call left something")
    assert(("x"):rep(3) == "xxx" and #table.pack(string.byte("abc", 1, -1)) == 3 and math.type(1) == "integer")
    for _, library in ipairs { string, table, math, utf8, coroutine } do assert(getmetatable(library) == nil) end
    local thread = coroutine.wrap(function() coroutine.yield(n + 1) end)
    return { integer = thread() + math.random(0, 0), text = string.format("%d %s", n, tostring(nil)) }
end"#;

impl Default for Stand {
    fn default() -> Stand {
        Stand::new()
    }
}

impl Stand {
    /// Sets one up.
    ///
    /// # Panics
    /// A neighbour that does not run by itself.
    pub fn new() -> Stand {
        let bench = Bench::new();
        let of = Declaration::builder("test.neighbour", 1)
            .argument("n", Type::INTEGER, "a number")
            .result("integer", Type::INTEGER, Value::Integer(0), "the next")
            .result("text", Type::bytes(64), Value::String(vec![]), "some text")
            .build()
            .unwrap();
        let neighbour = bench.host.declare_dynamic(&of).unwrap();
        let link = bench.host.attach(Request::new("test.neighbour", "neighbour", NEIGHBOUR)).unwrap();
        let clean = once(&bench, &neighbour, &[Value::Integer(41)], "neighbour");
        let Outcome::Result(result) = &clean.outcome else { panic!("{clean:?}") };
        assert_eq!(Json::Object(result.clone()), serde_json::json!({ "integer": 42, "text": "41 nil" }));
        Stand { bench, neighbour, clean, _link: link }
    }

    /// Runs a script: in a first attachment, in a second one, and in a third one from another thread.
    ///
    /// # Errors
    /// Runs that differ, a neighbour that notices something, or a script that asks for what is not there.
    pub fn run(&self, script: &Script) -> Result<Vec<Observed>, String> {
        let first = self.attached(script)?;
        let second = self.attached(script)?;
        let elsewhere = std::thread::scope(|scope| scope.spawn(|| self.attached(script)).join());
        let third = elsewhere.map_err(|_| "the run on another thread panicked".to_owned())??;
        for (which, other) in [("a second run", second), ("a run on another thread", third)] {
            if let Some((a, b)) = first.iter().zip(&other).find(|(a, b)| a != b) {
                return Err(format!("{which} differs:\n  {a:?}\n  {b:?}"));
            }
        }
        match Host::bytes_not_restored() {
            0 => Ok(first),
            bytes => Err(format!("{bytes} bytes were not as in the image when a call began")),
        }
    }

    fn attached(&self, script: &Script) -> Result<Vec<Observed>, String> {
        if let Some((driver, _)) = &script.driver {
            return Err(format!("golden scripts are called, not driven by '{driver}'"));
        }
        let Some(hook) = self.bench.hook(&script.hook) else { return Err(format!("no hook point {}", script.hook)) };
        let name = unique("golden");
        let request = Request::new(&script.hook, TENANT, script.source.clone())
            .name(&name)
            .script(&script.file)
            .rules(rules(&script.policy, TENANT, &script.hook))
            .state(if script.kept { State::Kept } else { State::Fresh });
        let link = match self.bench.host.attach(request) {
            Ok(link) => link,
            Err(error) => {
                self.neighbour_is_well()?;
                return Ok(vec![Observed::uncalled(Outcome::refused(&error), self.bench.lines.take(&name))]);
            }
        };
        let mut observed: Vec<Observed> = Vec::new();
        let loading = self.bench.lines.take(&name);
        for call in &script.calls {
            let mut args = points::sample(hook.declaration());
            for (key, value) in &call.args {
                args[key] = value.clone();
            }
            let args = hook.declaration().arguments_from_json(&args).map_err(|error| format!("args: {error}"))?;
            let seen = once(&self.bench, hook, &args, &name);
            if !script.kept {
                let again = once(&self.bench, hook, &args, &name);
                if again != seen {
                    return Err(format!("the call repeated at once differs:\n  {seen:?}\n  {again:?}"));
                }
            }
            self.neighbour_is_well()?;
            observed.push(seen);
        }
        drop(link);
        // What was logged while the script loaded comes before what its first call logged.
        observed[0].logs.splice(0..0, loading);
        Ok(observed)
    }

    fn neighbour_is_well(&self) -> Result<(), String> {
        let now = once(&self.bench, &self.neighbour, &[Value::Integer(41)], "neighbour");
        if now == self.clean {
            return Ok(());
        }
        Err(format!("another tenant's call differs from what it was before:\n  {:?}\n  {now:?}", self.clean))
    }
}

/// Fires a hook point that has one attachment.
fn once(bench: &Bench, hook: &DynamicHook, args: &[Value], attachment: &str) -> Observed {
    survive::once(&bench.lines, hook, args, attachment).unwrap().0
}

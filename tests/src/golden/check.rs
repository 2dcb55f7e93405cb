//! Holds what was observed against what the header says.

use tenterhook_cli::survive::judge;
use tenterhook_cli::survive::{Call, Expected, Observed, Outcome, Script};

/// Everything that is not as the header says; with `blessing`, what blessing does not put right.
pub fn check(script: &Script, observed: &[Observed], blessing: bool) -> Vec<String> {
    let mut problems = Vec::new();
    if script.calls.len() != observed.len() {
        problems.push(format!("expected {} calls, made {}", script.calls.len(), observed.len()));
    }
    for (number, (call, seen)) in script.calls.iter().zip(observed).enumerate() {
        let found = problems_of(call, seen, blessing);
        problems.extend(found.into_iter().map(|problem| format!("call {}: {problem}", number + 1)));
    }
    problems
}

fn problems_of(call: &Call, seen: &Observed, blessing: bool) -> Vec<String> {
    let mut problems = match (&call.expected, &seen.outcome) {
        (Expected::Unknown, _) | (Expected::Result(_), Outcome::Result(_)) if blessing => Vec::new(),
        (_, outcome) => judge::outcome(call, outcome),
    };
    if let Outcome::Fault { message, .. } | Outcome::Refused { message, .. } = &seen.outcome
        && matches!(call.expected, Expected::Fault(_) | Expected::Refused(_))
        && problems.is_empty()
        && call.messages.is_empty()
    {
        problems.push(format!("no 'message' says what this is about:\n    {message}"));
    }
    if !blessing {
        // Headers have no blanks at their lines' ends.
        let logs: Vec<&str> = seen.logs.iter().map(|line| line.trim_end()).collect();
        if call.logs != logs || call.dropped != seen.dropped {
            let (expected, dropped) = (&call.logs, call.dropped);
            problems.push(format!(
                "expected logs {expected:?}, {dropped} dropped\n            got {logs:?}, {}",
                seen.dropped
            ));
        }
        // Fuel of a load is not a call's.
        let metered = !matches!(seen.outcome, Outcome::Refused { .. });
        if metered && call.fuel != Some(seen.fuel) {
            problems.push(format!("expected fuel {:?}, got {}", call.fuel, seen.fuel));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;

    fn script(rest: &str) -> Script {
        Script::parse("x.lua", format!("--! about = a\n--! hook = h\n{rest}").as_bytes()).unwrap()
    }

    fn seen(outcome: Outcome) -> Observed {
        Observed { outcome, fuel: 10, memory: 0, logs: Vec::new(), dropped: 0 }
    }

    fn result(json: &str) -> Observed {
        let Json::Object(object) = serde_json::from_str(json).unwrap() else { panic!("{json}") };
        seen(Outcome::Result(object))
    }

    fn fault(cause: &str) -> Observed {
        let (message, traceback) = ("line 1: boom".to_owned(), "stack".to_owned());
        seen(Outcome::Fault { cause: cause.to_owned(), message, traceback })
    }

    #[test]
    fn what_is_as_expected_passes() {
        let good = script("--! expect = result {\"a\": 1, \"b\": [-0.0]}\n--! fuel = 10\n");
        assert_eq!(check(&good, &[result(r#"{"b": [-0.0], "a": 1}"#)], false), [""; 0]);
        let good = script("--! expect = fault:script\n--! message = boom\n--! traceback = st\n--! fuel = 10\n");
        assert_eq!(check(&good, &[fault("script")], false), [""; 0]);
    }

    #[test]
    fn everything_else_fails() {
        let of = |rest: &str, seen: Observed| check(&script(rest), &[seen], false).len();
        assert_eq!(of("--! expect = result {\"a\": 1}\n--! fuel = 10\n", result(r#"{"a": 1.0}"#)), 1);
        assert_eq!(of("--! expect = result {\"a\": 0.0}\n--! fuel = 10\n", result(r#"{"a": -0.0}"#)), 1);
        assert_eq!(of("--! expect = result {}\n--! fuel = 10\n", result(r#"{"a": 1}"#)), 1);
        assert_eq!(of("--! expect = result {}\n--! fuel = 11\n", result("{}")), 1);
        assert_eq!(of("--! expect = result {}\n", result("{}")), 1, "fuel has to be there");
        assert_eq!(of("--! expect = result {}\n--! log = info@1 x\n--! fuel = 10\n", result("{}")), 1);
        assert_eq!(of("--! expect = result {}\n--! dropped = 1\n--! fuel = 10\n", result("{}")), 1);
        assert_eq!(of("--! expect = fault:script\n--! message = boom\n--! fuel = 10\n", fault("stack")), 1);
        assert_eq!(of("--! expect = fault:script\n--! message = bang\n--! fuel = 10\n", fault("script")), 1);
        assert_eq!(of("--! expect = fault:script\n--! fuel = 10\n", fault("script")), 1, "a message has to be there");
        assert_eq!(of("--! expect = result {}\n--! fuel = 10\n", fault("script")), 1);
        assert_eq!(of("--! expect = \n--! fuel = 10\n", result("{}")), 1, "unknown is no expectation");
        assert_eq!(check(&script("--! expect = result {}\n"), &[], false).len(), 1, "no call was made");
    }

    #[test]
    fn blessing_changes_numbers_but_not_the_kind_of_outcome() {
        assert_eq!(check(&script("--! expect = result {\"a\": 1}\n"), &[result("{}")], true), [""; 0]);
        assert_eq!(check(&script("--! expect = result {}\n"), &[fault("script")], true).len(), 1);
        assert_eq!(check(&script("--! expect = fault:fuel\n--! message = x\n"), &[fault("script")], true).len(), 1);
        assert_eq!(check(&script("--! expect =\n"), &[fault("script")], true), [""; 0]);
    }
}

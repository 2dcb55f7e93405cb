//! Writes what was observed into the header: results, log lines, fuel. What a call must come to in kind (a result, a
//! fault and its cause, its message) is for people to say; blessing only fills in an `expect` that was left empty.

use tenterhook_cli::survive::{Expected, HeaderLine, Observed, Outcome, Script};

/// Where lines of a header are broken.
const WIDTH: usize = 116;

/// The file with what was observed in its header.
pub fn blessed(script: &Script, observed: &[Observed]) -> String {
    let mut text = String::new();
    let mut observed = observed.iter();
    let mut calls = script.calls.iter();
    let mut pending: Option<&Observed> = None;
    for HeaderLine { key, value } in &script.header {
        match key.as_str() {
            "expect" => {
                finish(&mut text, pending.take());
                pending = observed.next();
                let expected = calls.next().map(|call| &call.expected);
                match (expected, pending.map(|seen| &seen.outcome)) {
                    (Some(Expected::Unknown | Expected::Result(_)), Some(outcome)) => expect(&mut text, outcome),
                    _ => line(&mut text, "expect", value),
                }
            }
            "log" | "dropped" | "fuel" => {}
            "args" => {
                // Arguments belong to the calls that follow.
                finish(&mut text, pending.take());
                line(&mut text, key, value);
            }
            _ => line(&mut text, key, value),
        }
    }
    finish(&mut text, pending);
    let body = String::from_utf8_lossy(&script.source);
    let body = body.split_inclusive('\n').skip_while(|line| line.starts_with("--!"));
    text.extend(body);
    text
}

fn expect(text: &mut String, outcome: &Outcome) {
    match outcome {
        Outcome::Result(result) => {
            let json = serde_json::to_string(result).unwrap_or_default();
            line(text, "expect", &format!("result {json}"));
        }
        Outcome::Fault { cause, message, .. } => {
            line(text, "expect", &format!("fault:{cause}"));
            line(text, "message", message);
        }
        Outcome::Refused { cause, message } => {
            line(text, "expect", &format!("refused:{cause}"));
            line(text, "message", message);
        }
        Outcome::Denied(cause) => line(text, "expect", &format!("denied:{cause}")),
    }
}

/// What follows a call's other lines.
fn finish(text: &mut String, seen: Option<&Observed>) {
    let Some(seen) = seen else { return };
    for log in &seen.logs {
        text.push_str(format!("--! log = {log}").trim_end());
        text.push('\n');
    }
    if seen.dropped > 0 {
        line(text, "dropped", &seen.dropped.to_string());
    }
    if !matches!(seen.outcome, Outcome::Refused { .. }) {
        line(text, "fuel", &seen.fuel.to_string());
    }
}

/// A line, broken after commas of JSON where it is long.
fn line(text: &mut String, key: &str, value: &str) {
    let mut width = 0;
    let mut put = |text: &mut String, part: &str| {
        if width > 0 && width + part.len() > WIDTH {
            text.push_str("\n--!     ");
            width = 8;
        }
        text.push_str(part);
        width += part.len();
    };
    put(text, &format!("--! {key} ="));
    if !value.is_empty() {
        put(text, " ");
    }
    let (mut quoted, mut escaped, mut start) = (false, false, 0);
    let breaks = value.contains('{');
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted && breaks => {
                put(text, value[start..=at].trim_start());
                start = at + 1;
            }
            _ => {}
        }
    }
    put(text, &value[start..]);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blessed_file_passes_and_stays_as_it_is() {
        let long: String = (0..40).map(|i| format!("\"key {i}, long\": {i}, ")).collect();
        let text = "--! about = a\n--! hook = h\n--! expect = result {}\n--! log = old\n--! fuel = 1\n\
            --! args = {\"n\": 1}\n--! expect =\n--! expect = fault:script\n--! message = bo\nfunction h() end\n--! x";
        let script = Script::parse("x.lua", text.as_bytes()).unwrap();
        let serde_json::Value::Object(result) = serde_json::from_str(&format!("{{{long}\"end\": -0.0}}")).unwrap()
        else {
            panic!("an object")
        };
        let fault = |message: &str| Outcome::Fault {
            cause: "script".into(),
            message: message.into(),
            traceback: String::new(),
        };
        let seen = |outcome, fuel| Observed { outcome, fuel, memory: 0, logs: vec!["info@1 new".into()], dropped: 2 };
        let observed = [seen(Outcome::Result(result), 7), seen(fault("bang"), 8), seen(fault("boom"), 9)];
        let once = blessed(&script, &observed);
        let script = Script::parse("x.lua", once.as_bytes()).unwrap();
        assert_eq!(super::super::check(&script, &observed, false), [""; 0], "{once}");
        assert_eq!(blessed(&script, &observed), once);
        assert!(once.lines().all(|line| line.len() <= WIDTH + 8), "{once}");
        assert!(once.ends_with("--! fuel = 9\nfunction h() end\n--! x"), "{once}");
    }
}

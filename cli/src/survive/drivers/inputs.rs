//! Crafted arguments, sources and names.

use std::time::Duration;

use tenterhook::Request;
use tenterhook::hooks::value::Value;

use crate::survive::header::{Script, TENANT};
use crate::survive::observed::{Observed, Outcome};
use crate::survive::stand::{Made, Stand};

fn number(text: &str) -> Result<usize, String> {
    text.replace('_', "").parse().map_err(|_| format!("expected a number, got '{text}'"))
}

/// All byte values, repeated.
fn bytes(size: usize) -> Vec<u8> {
    (0..size).map(|at| at as u8).collect()
}

fn made(kind: &str, size: usize) -> Result<Value, String> {
    let integer = |at: usize| Value::Integer(at as i64);
    Ok(match kind {
        "bytes" => Value::String(bytes(size)),
        "zeros" => Value::String(vec![0; size]),
        "text" => Value::String(vec![b'a'; size]),
        // Not UTF-8, and as long as it appears.
        "torn" => Value::String(vec![0xc3; size]),
        "list" => Value::List((0..size).map(integer).collect()),
        "map" => Value::Map((0..size).map(|at| (format!("key {at}").into_bytes(), Value::String(bytes(at)))).collect()),
        // The same key each time, which no map has.
        "one_key" => Value::Map((0..size).map(|_| (b"key".to_vec(), Value::String(vec![]))).collect()),
        "keys" => Value::Map(vec![(bytes(size), Value::String(vec![]))]),
        "records" => {
            let item = |at| {
                Value::Record(vec![
                    (0, Value::String(bytes(at % 64))),
                    (1, Value::List((0..at).map(integer).collect())),
                ])
            };
            Value::List((0..size).map(item).collect())
        }
        "empty_records" => Value::List((0..size).map(|_| Value::Record(vec![])).collect()),
        "integer" => Value::Integer(i64::try_from(size).unwrap_or(i64::MAX)),
        "nan" => Value::Float(f64::NAN),
        "infinity" => Value::Float(f64::INFINITY),
        // Of a type that no argument has.
        "nested" => (0..size).fold(Value::Integer(1), |inner, _| Value::List(vec![inner])),
        other => return Err(format!("unknown kind '{other}'")),
    })
}

/// `argument NAME KIND SIZE`, several of them separated by commas: one call each, twice, with a calm one after it.
pub fn argument(stand: &Stand, script: &Script, parameter: &str) -> Result<Vec<Made>, String> {
    let attached = stand.attach_well(script)?;
    let calm = stand.calm(script, &attached)?;
    let mut calls = Vec::new();
    for one in parameter.split(',') {
        let [name, kind, size] = one.split_whitespace().collect::<Vec<_>>()[..] else {
            return Err(format!("expected 'NAME KIND SIZE', got '{one}'"));
        };
        let mut args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
        let position = attached.hook.declaration().arguments.iter().position(|argument| argument.name == name);
        let place = position.and_then(|at| args.get_mut(at)).ok_or_else(|| format!("unknown argument '{name}'"))?;
        *place = made(kind, number(size)?)?;
        calls.push(stand.twice(script, &attached, &args)?);
        stand.neighbour_is_well()?;
        let again = stand.calm(script, &attached)?;
        if again != calm {
            return Err(format!("the next call of the same attachment differs:\n  {calm:?}\n  {again:?}"));
        }
    }
    Ok(calls)
}

/// `source pad SIZE`: the script, padded to this size by a comment. `source OPEN CLOSE DEPTH`: the script, and an
/// expression nested this deep. If it loads, it is called once.
pub fn source(stand: &Stand, script: &Script, parameter: &str) -> Result<Vec<Made>, String> {
    let mut source = script.source.clone();
    match parameter.split_whitespace().collect::<Vec<_>>()[..] {
        ["pad", size] => {
            let size = number(size)?;
            source.extend_from_slice(b"\n--");
            if source.len() > size {
                return Err(format!("the script has {} bytes already", source.len()));
            }
            source.resize(size, b'x');
        }
        ["repeat", text, count] => source.extend(text.replace('_', " ").repeat(number(count)?).into_bytes()),
        [open, close, depth] => {
            let depth = number(depth)?;
            let (open, close) = (open.replace('_', " "), close.replace('_', " "));
            source.extend_from_slice(b"\nlocal nested = ");
            source.extend(open.repeat(depth).into_bytes());
            source.push(b'1');
            source.extend(close.repeat(depth).into_bytes());
        }
        _ => return Err(format!("expected 'pad SIZE' or 'OPEN CLOSE DEPTH', got '{parameter}'")),
    }
    let attached = match stand.attach(script, &source)? {
        Ok(attached) => attached,
        Err(error) => return stand.refused(&error),
    };
    let args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
    Ok(vec![stand.twice(script, &attached, &args)?])
}

/// Attaches under invalid names, one after the other.
pub fn names(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let long = "n".repeat(65);
    let attempts = [
        Request::new(&script.hook, TENANT, script.source.clone()).name(""),
        Request::new(&script.hook, TENANT, script.source.clone()).name("../../etc/passwd"),
        Request::new(&script.hook, TENANT, script.source.clone()).name("a\nb"),
        Request::new(&script.hook, TENANT, script.source.clone()).name("a\0b"),
        Request::new(&script.hook, TENANT, script.source.clone()).name(long),
        Request::new(&script.hook, "..", script.source.clone()),
        Request::new("survive.nowhere", TENANT, script.source.clone()),
    ];
    let attempt = |request| match stand.host.attach(request) {
        Ok(link) => Err(format!("{link:?} was attached")),
        Err(error) => {
            Ok(Made { observed: Observed::uncalled(Outcome::refused(&error), Vec::new()), time: Duration::ZERO })
        }
    };
    attempts.into_iter().map(attempt).collect()
}

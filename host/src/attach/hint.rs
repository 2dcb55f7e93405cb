//! Hints for errors of a load that are caused by a name which Lua has elsewhere, but not here.

use tenterhook_guest_lua::absent;
use tenterhook_sandbox::Fault;

use super::bundle::Bundle;

/// Adds a hint to the fault's message, if there is one.
pub(super) fn hinted(fault: Fault, bundle: &Bundle, script: &str) -> Fault {
    match fault {
        Fault::Load { message, traceback } => {
            let hint = absent::hint(&message, &line(&message, bundle, script));
            let message = hint.map_or(message.clone(), |hint| format!("{message}; {hint}"));
            Fault::Load { message, traceback }
        }
        other => other,
    }
}

/// The line that the message names, in the script or in a module; empty if there is none.
fn line(message: &str, bundle: &Bundle, script: &str) -> String {
    let modules = bundle.modules.iter().map(|(name, text)| (Bundle::file_of(name), text));
    let mut files = std::iter::once((script.to_owned(), &bundle.main)).chain(modules);
    let found = files.find_map(|(file, text)| {
        let (number, _) = message.strip_prefix(file.as_str())?.strip_prefix(':')?.split_once(':')?;
        let before = number.parse::<usize>().ok()?.checked_sub(1)?;
        text.split(|byte| *byte == b'\n').nth(before)
    });
    String::from_utf8_lossy(found.unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_that_of_the_file_named() {
        let modules = [("lib.a".to_owned(), b"one\nos.time()".to_vec())].into();
        let bundle = Bundle { main: b"first\nsecond\n".to_vec(), modules };
        for (message, found) in [
            ("s.lua:2: x", "second"),
            ("lib/a.lua:2: x", "os.time()"),
            ("s.lua:9: x", ""),
            ("s.lua:0: x", ""),
            ("other.lua:1: x", ""),
            ("x", ""),
        ] {
            assert_eq!(line(message, &bundle, "s.lua"), found, "{message}");
        }
        let message = "lib/a.lua:2: attempt to index a nil value (global 'os')".to_owned();
        let fault = hinted(Fault::Load { message, traceback: None }, &bundle, "s.lua");
        assert!(fault.to_string().contains("(global 'os'); os.time is not in the sandbox: "), "{fault}");
    }
}

//! Names that scripts written for another Lua use and do not find here: why each is absent, and what to use instead.
//!
//! The same table is in `COMPATIBILITY.md`, under "Absent, and what to use instead"; a test holds the two against each
//! other. [`hint`] looks at a Lua error for such a name.

/// A group of names that are absent for the same reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absent {
    /// Globals (`os`) and members of libraries (`os.time`), as scripts write them.
    pub names: &'static [&'static str],
    /// Why scripts do not have them.
    pub why: &'static str,
    /// What to use instead.
    pub instead: &'static str,
}

/// The modules that scripts written for other programs `require`, and what to use instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Module {
    /// Their names, as `require` takes them.
    pub names: &'static [&'static str],
    /// What to use instead.
    pub instead: &'static str,
}

const fn absent(names: &'static [&'static str], why: &'static str, instead: &'static str) -> Absent {
    Absent { names, why, instead }
}

const fn module(names: &'static [&'static str], instead: &'static str) -> Module {
    Module { names, instead }
}

/// The names, most particular first: `os.time` comes before `os`.
pub const ABSENT: &[Absent] = &[
    absent(
        &["os.time", "os.date", "os.clock", "os.difftime"],
        "there is no clock, so that a call can be repeated",
        "use a time among the hook point's arguments, or a capability of the program",
    ),
    absent(
        &["os.getenv"],
        "scripts do not see the program's environment",
        "write settings into the script or into a module",
    ),
    absent(&["os.exit"], "a script cannot end the program", "return from the handler, or raise an error"),
    absent(&["os.execute", "io.popen"], "scripts run no programs", "use a capability of the program"),
    absent(
        &["os"],
        "scripts reach no files, processes or clocks",
        "use the hook point's arguments, or a capability of the program",
    ),
    absent(
        &["io.write", "io.stdout", "io.stderr"],
        "scripts reach no files",
        "use print, or the library log, which write to the program's log",
    ),
    absent(&["io"], "scripts reach no files", "use print and the library log for output, and a module for data"),
    absent(
        &["require"],
        "a script that is a single file has no modules",
        "attach a folder with the script and its modules, or give each with --module NAME=FILE",
    ),
    absent(
        &["package", "module"],
        "scripts find the modules that they are attached with and no others",
        "let a module return its table, and use require",
    ),
    absent(
        &["dofile", "loadfile"],
        "scripts reach no files",
        "attach the file as a module (a folder, or --module NAME=FILE), and use require",
    ),
    absent(&["string.dump"], "bytecode goes neither in nor out", "keep the source text, and use load"),
    absent(
        &[
            "debug.debug",
            "debug.gethook",
            "debug.getinfo",
            "debug.getlocal",
            "debug.getmetatable",
            "debug.getregistry",
            "debug.getupvalue",
            "debug.getuservalue",
            "debug.sethook",
            "debug.setlocal",
            "debug.setmetatable",
            "debug.setupvalue",
            "debug.setuservalue",
            "debug.upvalueid",
            "debug.upvaluejoin",
            "debug.setcstacklimit",
        ],
        "it reaches into other functions and around the sandbox's bounds",
        "use debug.traceback, which is there, or the position that error adds to its message",
    ),
    absent(&["unpack"], "Lua 5.1 has it, and Lua 5.4 does not", "use table.unpack"),
    absent(&["loadstring"], "Lua 5.1 has it, and Lua 5.4 does not", "use load"),
    absent(&["getfenv", "setfenv"], "Lua 5.1 has it, and Lua 5.4 does not", "use _ENV, or the fourth argument of load"),
    absent(&["newproxy"], "Lua 5.1 has it, and Lua 5.4 does not", "use setmetatable"),
    absent(&["table.getn", "table.maxn"], "Lua 5.1 has it, and Lua 5.4 does not", "use the operator #"),
    absent(&["table.foreach", "table.foreachi"], "Lua 5.1 has it, and Lua 5.4 does not", "use pairs or ipairs"),
    absent(&["string.gfind"], "Lua 5.1 has it, and Lua 5.4 does not", "use string.gmatch"),
    absent(&["math.mod"], "Lua 5.1 has it, and Lua 5.4 does not", "use math.fmod, or the operator %"),
    absent(&["math.pow"], "Lua 5.2 has it, and Lua 5.4 does not", "use the operator ^"),
    absent(&["math.log10"], "Lua 5.2 has it, and Lua 5.4 does not", "use math.log(x, 10)"),
    absent(
        &["math.ldexp", "math.frexp"],
        "Lua 5.2 has it, and Lua 5.4 does not",
        "use x * 2.0 ^ n, and math.log(x, 2)",
    ),
    absent(&["math.cosh", "math.sinh", "math.tanh"], "Lua 5.2 has it, and Lua 5.4 does not", "use math.exp"),
    absent(
        &["bit", "bit32"],
        "LuaJIT and Lua 5.2 have it, and Lua 5.4 does not",
        "use the operators &, |, ~, << and >> of Lua 5.4, which work on integers of 64 bits",
    ),
    absent(&["jit", "ffi"], "LuaJIT has it, and Lua does not", "use a capability of the program for what is not Lua"),
    absent(&["arg"], "a script has no command line", "use the hook point's arguments"),
];

/// The modules; of those that [`ABSENT`] has as globals too, the reason is there.
pub const MODULES: &[Module] = &[
    module(&["bit", "bit32"], "use the operators &, |, ~, << and >> of Lua 5.4 instead, without a require"),
    module(
        &["string", "table", "math", "utf8", "coroutine", "debug", "log", "net"],
        "it is a global library, and needs no require",
    ),
    module(
        &["cjson", "cjson.safe", "json", "dkjson", "lunajson"],
        "no JSON library is built in; one that is written in Lua alone can be attached as a module",
    ),
    module(
        &["io", "os", "lfs", "posix", "socket", "socket.http", "ssl", "luasql.mysql", "redis"],
        "scripts reach no files, processes, clocks or networks; use the hook point's arguments, or a capability of the \
         program",
    ),
    module(
        &["ffi", "jit", "lpeg", "struct", "zlib", "lua_pack"],
        "native code cannot be loaded; string.pack, string.unpack and Lua's patterns are there",
    ),
];

/// Why a name is absent; of a member of a library that is absent as a whole, the library's reason where it has none of
/// its own.
#[must_use]
pub fn of(name: &str) -> Option<&'static Absent> {
    let exact = |name: &str| ABSENT.iter().find(|absent| absent.names.contains(&name));
    exact(name).or_else(|| exact(name.split_once('.')?.0))
}

/// What to use instead of a module of that name.
#[must_use]
pub fn of_module(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.names.contains(&name))
}

/// What is absent, why, and what to use instead, in a sentence: `os.time is not in the sandbox: …`.
#[must_use]
pub fn sentence(name: &str, absent: &Absent) -> String {
    format!("{name} is not in the sandbox: {}; {}", absent.why, absent.instead)
}

/// The hint for an error of Lua that is caused by an absent name. `line` is the line of the script that the error names,
/// or empty if it is not available: it distinguishes `os.time` from `os`, and names the module for `require`.
#[must_use]
pub fn hint(message: &str, line: &str) -> Option<String> {
    if let Some((_, rest)) = message.split_once("no module '")
        && let Some((name, _)) = rest.split_once("' in the bundle")
    {
        return of_module(name).map(|module| format!("{name}: {}", module.instead));
    }
    // `attempt to call a nil value (global 'require')`
    let (_, rest) = message.split_once("a nil value (")?;
    let (kind, rest) = rest.split_once(" '")?;
    let (name, _) = rest.split_once("')")?;
    match kind {
        "global" => {
            if let Some(module) = (name == "require").then(|| required(line)).flatten() {
                let there = of_module(module).map(|known| format!("; {module}: {}", known.instead)).unwrap_or_default();
                return of(name).map(|absent| format!("{}{there}", sentence(name, absent)));
            }
            let whole = member(name, line).unwrap_or(name);
            of(whole).map(|absent| sentence(whole, absent))
        }
        // Another name of the global, or a member of a library: likely, and not certain.
        "local" | "upvalue" => {
            let absent = of(name).filter(|_| !name.contains('.'))?;
            Some(format!("if this is Lua's {name}: {}", sentence(name, absent)))
        }
        "field" | "method" => {
            let all = ABSENT.iter().flat_map(|absent| absent.names.iter().map(move |name| (*name, absent)));
            let mut members = all.filter(|(whole, _)| whole.split_once('.').is_some_and(|(_, member)| member == name));
            let (whole, absent) = members.next()?;
            Some(format!("if this is Lua's {whole}: {}", sentence(whole, absent)))
        }
        _ => None,
    }
}

/// The module that a line requires, where it is written out.
fn required(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("require")?;
    let rest = rest.trim_start().trim_start_matches('(').trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = rest[1..].split_once(quote)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    (!name.is_empty() && name.len() <= 64 && name.chars().all(plain)).then_some(name)
}

/// `os.time` of a line that uses it, where the library is `os`.
fn member<'a>(library: &str, line: &'a str) -> Option<&'a str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    line.match_indices(library).find_map(|(at, _)| {
        let whole = line[at..].split(|c: char| !is_word(c) && c != '.').next()?;
        let alone = !line[..at].ends_with(|c: char| is_word(c) || c == '.');
        let member = whole.strip_prefix(library)?.strip_prefix('.')?;
        (alone && !member.is_empty() && !member.contains('.')).then_some(whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_absent_names_have_a_hint() {
        let index = |name: &str| format!("a.lua:7: attempt to index a nil value (global '{name}')");
        let call = |kind: &str, name: &str| format!("a.lua:7: attempt to call a nil value ({kind} '{name}')");
        for (message, line, begins) in [
            (index("os"), "  local t = os.time()", "os.time is not in the sandbox: there is no clock, "),
            (index("os"), "", "os is not in the sandbox: scripts reach no files, processes or clocks; use "),
            (index("os"), "return macos.time or os.tmpname()", "os.tmpname is not in the sandbox: scripts reach no "),
            (index("io"), "io.open('x')", "io.open is not in the sandbox: scripts reach no files; "),
            (
                index("bit32"),
                "",
                "bit32 is not in the sandbox: LuaJIT and Lua 5.2 have it, and Lua 5.4 does not; use the operators &",
            ),
            (call("global", "require"), "local m = require \"lib.m\"", "require is not in the sandbox: a script that "),
            (
                call("global", "unpack"),
                "",
                "unpack is not in the sandbox: Lua 5.1 has it, and Lua 5.4 does not; use table.unpack",
            ),
            (call("field", "dump"), "", "if this is Lua's string.dump: string.dump is not in the sandbox: bytecode "),
            (call("method", "dump"), "", "if this is Lua's string.dump: "),
            (call("field", "getinfo"), "", "if this is Lua's debug.getinfo: "),
            (call("upvalue", "require"), "", "if this is Lua's require: "),
            ("a.lua:1: no module 'bit' in the bundle".to_owned(), "", "bit: use the operators &, |, ~"),
        ] {
            let hint = hint(&message, line).unwrap_or_default();
            assert!(hint.starts_with(begins), "{message} {line}: {hint}");
        }
        let with_module = hint(&call("global", "require"), "local bit = require(\"bit\")").unwrap_or_default();
        assert!(with_module.contains("--module NAME=FILE; bit: use the operators &, |, ~"), "{with_module}");
    }

    #[test]
    fn other_errors_have_none() {
        for message in [
            "a.lua:1: attempt to call a nil value (global 'helper')",
            "a.lua:1: attempt to call a nil value (field 'helper')",
            "a.lua:1: attempt to call a nil value (local 'time')",
            "a.lua:1: attempt to index a number value (global 'os')",
            "a.lua:1: no module 'lib.a' in the bundle",
            "a nil value (",
            "a nil value (global '",
            "no module '",
            "boom",
            "",
        ] {
            assert_eq!(hint(message, "require('x') os.time()"), None, "{message}");
        }
        for line in ["require", "require(", "require('", "require(name)", "require '../x'", "require \"é\"", "é"] {
            assert_eq!(required(line), None, "{line}");
        }
    }

    #[test]
    fn every_name_is_there_once() {
        let mut names: Vec<&str> = ABSENT.iter().flat_map(|absent| absent.names).copied().collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(of("os.rename").map(|absent| absent.names), Some(&["os"][..]));
        assert_eq!(of("string.rep"), None);
    }
}

//! Lua out of bytes: every byte string is a script that parses, and whose calm call is calm.

use std::fmt::Write;

use arbitrary::{Result, Unstructured};

/// How deep statements and expressions nest.
const DEPTH: usize = 5;
/// Most bytes of a script; beyond it, the rest of the choices is not asked for.
const LONGEST: usize = 16 * 1024;

/// Names that scripts use for everything.
const NAMES: [&str; 8] = ["a", "b", "c", "d", "n", "s", "t", "u"];

const FUNCTIONS: [&str; 64] = [
    "assert",
    "collectgarbage",
    "error",
    "getmetatable",
    "ipairs",
    "load",
    "next",
    "pairs",
    "pcall",
    "print",
    "rawequal",
    "rawget",
    "rawlen",
    "rawset",
    "select",
    "setmetatable",
    "tonumber",
    "tostring",
    "type",
    "warn",
    "xpcall",
    "coroutine.close",
    "coroutine.create",
    "coroutine.isyieldable",
    "coroutine.resume",
    "coroutine.running",
    "coroutine.status",
    "coroutine.wrap",
    "coroutine.yield",
    "string.byte",
    "string.char",
    "string.find",
    "string.format",
    "string.gmatch",
    "string.gsub",
    "string.len",
    "string.lower",
    "string.match",
    "string.pack",
    "string.packsize",
    "string.rep",
    "string.reverse",
    "string.sub",
    "string.unpack",
    "string.upper",
    "table.concat",
    "table.insert",
    "table.move",
    "table.pack",
    "table.remove",
    "table.sort",
    "table.unpack",
    "utf8.char",
    "utf8.codepoint",
    "utf8.len",
    "utf8.offset",
    "math.floor",
    "math.random",
    "math.tointeger",
    "math.ult",
    "log.info",
    "net.prefix",
    "probe.echo",
    "debug.traceback",
];

const BINARY: [&str; 21] = [
    "+", "-", "*", "/", "//", "%", "^", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or", "&", "|", "~", "<<", ">>",
];
const UNARY: [&str; 4] = ["-", "not ", "#", "~"];
const EVENTS: [&str; 24] = [
    "__index",
    "__newindex",
    "__call",
    "__len",
    "__eq",
    "__lt",
    "__le",
    "__concat",
    "__add",
    "__sub",
    "__mul",
    "__div",
    "__mod",
    "__unm",
    "__idiv",
    "__band",
    "__shl",
    "__bnot",
    "__tostring",
    "__name",
    "__pairs",
    "__gc",
    "__close",
    "__mode",
];
const LITERALS: [&str; 32] = [
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "200",
    "100000",
    "0.5",
    "-0.0",
    "1e308",
    "2^53",
    "(0/0)",
    "math.huge",
    "math.mininteger",
    "math.maxinteger",
    "\"\"",
    "\"x\"",
    "\"%d%s%5.1f%q\"",
    "\"(.-)%1*[^%a]\"",
    "\".\"",
    "\"<i4s2z\"",
    "\"192.0.2.0/24\"",
    "\"\\0\\xff\\u{10ffff}\"",
    "\"collect\"",
    "\"count\"",
    "\"#\"",
    "\"k\"",
    "nil",
    "true",
    "false",
    "(\"ab\"):rep(100)",
];

/// The script that these bytes choose.
pub fn script(bytes: &[u8]) -> String {
    let mut writer = Writer { u: Unstructured::new(bytes), out: String::new() };
    // Bytes that end before the script does end it early: what is open is closed below.
    let _ = writer.block(DEPTH);
    let body = writer.out;
    format!(
        "local a, b, c, d, t, u = 1, 'b', {{ 1, 2, 3 }}, nil, {{ x = 1 }}, print\n\
         function run(n, s)\n    if n == 0 then return {{}} end\n    local a, b, c, d, t, u = a, b, c, d, t, u\n{body}\
         \x20   return {{ text = tostring(a), ok = b == c }}\nend\n"
    )
}

struct Writer<'a> {
    u: Unstructured<'a>,
    out: String,
}

impl Writer<'_> {
    fn choose(&mut self, from: &[&'static str]) -> &'static str {
        from[self.u.choose_index(from.len()).unwrap_or(0)]
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Whether there is something left to choose with.
    fn goes_on(&self) -> bool {
        !self.u.is_empty() && self.out.len() < LONGEST
    }

    /// Statements; whatever is begun is ended, however few bytes there are.
    fn block(&mut self, depth: usize) -> Result<()> {
        let count = self.u.int_in_range(1..=6).unwrap_or(1);
        for _ in 0..count {
            if !self.goes_on() {
                break;
            }
            self.statement(depth)?;
            self.put("\n");
        }
        Ok(())
    }

    fn body(&mut self, depth: usize, end: &str) -> Result<()> {
        self.put("\n");
        self.block(depth.saturating_sub(1))?;
        self.put(end);
        Ok(())
    }

    fn name(&mut self) {
        let name = self.choose(&NAMES);
        self.put(name);
    }

    fn statement(&mut self, depth: usize) -> Result<()> {
        let most = if depth == 0 { 5 } else { 15 };
        match self.u.int_in_range(0..=most).unwrap_or(0) {
            0 | 1 => {
                self.name();
                self.put(" = ");
                self.expression(depth)
            }
            2 => {
                self.put("local ");
                self.name();
                self.put(" = ");
                self.expression(depth)
            }
            3 => {
                self.put("pcall(");
                self.expression(depth)?;
                self.put(", ");
                self.expression(depth)?;
                self.put(")");
                Ok(())
            }
            4 => self.call(depth),
            5 => {
                self.name();
                self.put("[");
                self.expression(depth)?;
                self.put("] = ");
                self.expression(depth)
            }
            6 => {
                self.put("if ");
                self.expression(depth)?;
                self.put(" then");
                self.body(depth, "else ")?;
                self.body(depth, "end")
            }
            7 => {
                self.put("while ");
                self.expression(depth)?;
                self.put(" do");
                self.body(depth, "end")
            }
            8 => {
                self.put("for i = ");
                self.expression(depth)?;
                self.put(", ");
                self.expression(depth)?;
                self.put(" do");
                self.body(depth, "end")
            }
            9 => {
                self.put("for k, v in pairs(");
                self.expression(depth)?;
                self.put(") do a, b = k, v");
                self.body(depth, "end")
            }
            10 => {
                self.put("repeat");
                self.body(depth, "until ")?;
                self.expression(depth)
            }
            11 => {
                self.put("do local closed <close> = setmetatable({}, { __close = ");
                self.function(depth)?;
                self.put(" })");
                self.body(depth, "end")
            }
            12 => {
                self.put("do local fixed <const> = ");
                self.expression(depth)?;
                self.body(depth, "::l:: end")
            }
            13 => {
                self.put("setmetatable(t, { ");
                let event = self.choose(&EVENTS);
                let _ = write!(self.out, "{event} = ");
                self.expression(depth)?;
                self.put(" })");
                Ok(())
            }
            14 => {
                self.put("a = coroutine.wrap(");
                self.function(depth)?;
                self.put(") pcall(a)");
                Ok(())
            }
            _ => {
                self.put("do return ");
                self.expression(depth)?;
                self.put(" end");
                Ok(())
            }
        }
    }

    fn function(&mut self, depth: usize) -> Result<()> {
        self.put("function(...) local a, b = ...");
        self.body(depth, " return a end")
    }

    fn call(&mut self, depth: usize) -> Result<()> {
        let function = self.choose(&FUNCTIONS);
        self.put(function);
        self.put("(");
        let count = self.u.int_in_range(0..=4).unwrap_or(0);
        for position in 0..count {
            if position > 0 {
                self.put(", ");
            }
            self.expression(depth.saturating_sub(1))?;
        }
        self.put(")");
        Ok(())
    }

    fn expression(&mut self, depth: usize) -> Result<()> {
        if depth == 0 || !self.goes_on() {
            let literal =
                if self.u.arbitrary().unwrap_or(false) { self.choose(&NAMES) } else { self.choose(&LITERALS) };
            self.put(literal);
            return Ok(());
        }
        match self.u.int_in_range(0..=11).unwrap_or(0) {
            0..=2 => {
                let literal = self.choose(&LITERALS);
                self.put(literal);
            }
            3 => self.name(),
            4 => self.call(depth)?,
            5 | 6 => {
                self.put("(");
                self.expression(depth - 1)?;
                let operator = self.choose(&BINARY);
                let _ = write!(self.out, " {operator} ");
                self.expression(depth - 1)?;
                self.put(")");
            }
            7 => {
                let operator = self.choose(&UNARY);
                self.put("(");
                self.put(operator);
                self.expression(depth - 1)?;
                self.put(")");
            }
            8 => {
                self.put("{ ");
                for _ in 0..self.u.int_in_range(0..=3).unwrap_or(0) {
                    if self.u.arbitrary().unwrap_or(false) {
                        self.put("[");
                        self.expression(depth - 1)?;
                        self.put("] = ");
                    }
                    self.expression(depth - 1)?;
                    self.put(", ");
                }
                self.put("}");
            }
            9 => self.function(depth - 1)?,
            10 => {
                self.put("setmetatable({}, { ");
                let event = self.choose(&EVENTS);
                let _ = write!(self.out, "{event} = ");
                self.expression(depth - 1)?;
                self.put(" })");
            }
            _ => {
                self.put("(");
                self.expression(depth - 1)?;
                self.put(")[");
                self.expression(depth - 1)?;
                self.put("]");
            }
        }
        Ok(())
    }
}

//! Generates small Lua programs.
//!
//! Types are kept loosely: most operands are of the right type, some are not, so that errors are compared too. What two
//! builds of one Lua may rightly differ in is left out: addresses in text, the sign of a NaN, the order of `pairs`, the
//! last digits of transcendental functions.

use proptest::prelude::*;

/// Divisors that make neither NaN nor infinity; integer zeros have cases of their own.
const DIVISORS: [&str; 8] = ["1", "2", "3", "-7", "10", "0.5", "-1.5", "1e6"];
const PATTERNS: [&str; 16] = [
    "%a+",
    "%d",
    "(%w)(%w)",
    "^%s*(.-)%s*$",
    ".",
    "[^,]+",
    "%f[%w]%w+",
    "()",
    "a-",
    "%b()",
    "[%a_][%w_]*",
    "x?y*",
    "(.)%1",
    "%",
    "[a",
    "[%z\\1-\\31]",
];
const FORMATS: [&str; 15] =
    ["%d", "%5d|", "%-5d|", "%05d", "%x", "%X", "%o", "%g", "%.3f", "%10.2e", "%s", "%10s|", "%.2s", "%q", "%i %%"];

/// An expression that is most often a number.
fn number(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        any::<i8>().prop_map(|v| v.to_string()),
        prop_oneof![Just(i64::MAX), Just(1 << 53), Just(-1), Just(0), Just(1 << 31)].prop_map(|v| v.to_string()),
        (-1_000_000i32..1_000_000).prop_map(|v| format!("{:?}", f64::from(v) / 64.0)),
        prop_oneof![
            Just("i"),
            Just("j"),
            Just("x"),
            Just("#s"),
            Just("#list"),
            Just("list[1]"),
            Just("'10'"),
            Just("math.mininteger")
        ]
        .prop_map(str::to_owned),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let (n, s) = (number(depth - 1), text(depth - 1));
    let operator = prop_oneof![Just("+"), Just("-"), Just("*")];
    let divide = prop_oneof![Just("/"), Just("//"), Just("%")];
    let bits = prop_oneof![Just("&"), Just("|"), Just("~"), Just("<<"), Just(">>")];
    let function = prop_oneof![
        Just("math.abs"),
        Just("math.floor"),
        Just("math.ceil"),
        Just("math.tointeger"),
        Just("math.type"),
        Just("-"),
        Just("~"),
        Just("tonumber"),
        Just("#"),
    ];
    let binary = prop_oneof![Just("math.max"), Just("math.min"), Just("math.ult")];
    prop_oneof![
        3 => leaf,
        4 => (n.clone(), operator, n.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        2 => (n.clone(), divide, proptest::sample::select(&DIVISORS[..])).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        1 => prop_oneof![Just("(i // 0)"), Just("(j % 0)"), Just("(x ^ 2)"), Just("math.fmod(i, 7)"), Just("math.fmod(j, 0)")].prop_map(str::to_owned),
        1 => (n.clone(), bits, n.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        2 => (function, n.clone()).prop_map(|(f, a)| format!("{f}({a})")),
        1 => (binary, n.clone(), n.clone()).prop_map(|(f, a, b)| format!("{f}({a}, {b})")),
        1 => (s.clone(), n.clone()).prop_map(|(s, n)| format!("string.byte({s}, {n})")),
        1 => s.clone().prop_map(|s| format!("tonumber({s})")),
        1 => s.prop_map(|s| format!("string.len({s})")),
        1 => (condition(depth - 1), n.clone(), n.clone()).prop_map(|(c, a, b)| format!("({c} and {a} or {b})")),
        1 => wrong(),
    ]
    .boxed()
}

/// An expression that is most often a string.
fn text(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        "[a-z ,=]{0,6}".prop_map(|v| format!("'{v}'")),
        proptest::sample::select(
            &["s", "'a,b, c'", "'x\\0y'", "'\\xff\\u{e9}'", "'  trim  '", "'(a(b)c)'", "'0x1F'", "'-3.5e1'"][..]
        )
        .prop_map(str::to_owned),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let (n, s) = (number(depth - 1), text(depth - 1));
    let pattern = proptest::sample::select(&PATTERNS[..]);
    let function = prop_oneof![Just("upper"), Just("lower"), Just("reverse")];
    prop_oneof![
        3 => leaf,
        3 => (s.clone(), s.clone()).prop_map(|(a, b)| format!("({a} .. {b})")),
        2 => (s.clone(), n.clone()).prop_map(|(a, b)| format!("({a} .. {b})")),
        2 => (s.clone(), n.clone(), n.clone()).prop_map(|(s, i, j)| format!("string.sub({s}, {i}, {j})")),
        2 => (function, s.clone()).prop_map(|(f, s)| format!("string.{f}({s})")),
        1 => (s.clone(), 0..4u8).prop_map(|(s, n)| format!("string.rep({s}, {n}, '/')")),
        3 => (proptest::sample::select(&FORMATS[..]), prop_oneof![n.clone(), s.clone()])
            .prop_map(|(f, v)| format!("string.format('{f}', {v})")),
        2 => (s.clone(), pattern.clone()).prop_map(|(s, p)| format!("string.match({s}, '{p}')")),
        1 => (s.clone(), pattern.clone(), n.clone()).prop_map(|(s, p, n)| format!("string.find({s}, '{p}', {n})")),
        2 => (s.clone(), pattern, proptest::sample::select(&["'<%0>'", "string.upper", "{a = 1, b = false}", "'%1'", "'%'"][..]))
            .prop_map(|(s, p, r)| format!("string.gsub({s}, '{p}', {r})")),
        1 => n.clone().prop_map(|n| format!("tostring({n})")),
        1 => (s.clone(), s.clone()).prop_map(|(a, b)| format!("table.concat({{{a}, {b}, 3}}, '-')")),
        1 => (n.clone(), n).prop_map(|(a, b)| format!("utf8.char({a} % 1000, {b} & 0xff)")),
        1 => wrong(),
    ]
    .boxed()
}

/// An expression that is a boolean, unless it is an error.
fn condition(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![Just("true"), Just("false"), Just("(i < j)"), Just("(s == 'a')"), Just("(x >= 0)")]
        .prop_map(str::to_owned);
    if depth == 0 {
        return leaf.boxed();
    }
    let (n, s, c) = (number(depth - 1), text(depth - 1), condition(depth - 1));
    let compare = prop_oneof![Just("<"), Just("<="), Just("=="), Just("~="), Just(">"), Just(">=")];
    prop_oneof![
        2 => leaf,
        3 => (n.clone(), compare.clone(), n.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        2 => (s.clone(), compare.clone(), s.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        1 => (n, compare, s).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        1 => c.clone().prop_map(|c| format!("(not {c})")),
        1 => (c.clone(), c).prop_map(|(a, b)| format!("({a} and {b})")),
    ]
    .boxed()
}

/// What is of no use where numbers and strings are expected; `unknown` is nil, `T` a table that has no address in its text.
fn wrong() -> BoxedStrategy<String> {
    proptest::sample::select(&["nil", "true", "T", "unknown", "unknown.field", "(s)()", "({})[nil]"][..])
        .prop_map(str::to_owned)
        .boxed()
}

/// A statement that works on the table `t`, which is a list.
fn statement() -> BoxedStrategy<String> {
    let (n, s, c) = (number(2), text(2), condition(2));
    let value = prop_oneof![n.clone(), s.clone(), c.clone()];
    prop_oneof![
        4 => value.clone().prop_map(|v| format!("t[#t + 1] = {v}")),
        1 => (1..4u8, value.clone()).prop_map(|(at, v)| format!("table.insert(t, {at}, {v})")),
        1 => Just("t[#t + 1] = table.remove(t, 1)".to_owned()),
        1 => (c, value.clone(), value.clone()).prop_map(|(c, a, b)| format!("if {c} then t[#t + 1] = {a} else t[#t + 1] = {b} end")),
        1 => (1..5u8, value.clone()).prop_map(|(n, v)| format!("for k = 1, {n} do t[#t + 1] = k t[#t + 1] = {v} end")),
        1 => value.clone().prop_map(|v| format!("local v = {v} t[#t + 1] = v t[#t + 1] = type(v)")),
        1 => value.clone().prop_map(|v| format!("t[#t + 1] = {{pcall(function() return {v} end)}}")),
        1 => Just("table.sort(t)".to_owned()),
        1 => Just("for k, v in ipairs(list) do t[#t + 1] = k .. ':' .. v end".to_owned()),
        1 => Just("t[#t + 1] = select('#', table.unpack(list)) t[#t + 1] = table.concat(list, ' ')".to_owned()),
        1 => s.prop_map(|s| format!("for word in string.gmatch({s}, '%w+') do t[#t + 1] = word end")),
        1 => value.clone().prop_map(|v| format!("t[#t + 1] = coroutine.wrap(function() coroutine.yield({v}) end)()")),
        1 => value.prop_map(|v| format!("local function f(...) return select('#', ...), ... end t[#t + 1] = {{f({v}, nil, {v})}}")),
        1 => n.prop_map(|n| format!("error({n})")),
    ]
    .boxed()
}

/// A program: statements over the arguments `i`, `j`, `x`, `s`, `list`.
pub fn program() -> impl Strategy<Value = String> {
    proptest::collection::vec(statement(), 1..6).prop_map(|statements| {
        let lines: Vec<String> = statements.iter().map(|statement| format!("    do {statement} end\n")).collect();
        format!("    local t = {{}}\n{}    return t\n", lines.concat())
    })
}

/// One expression.
pub fn expression() -> impl Strategy<Value = String> {
    prop_oneof![number(4), text(4), condition(4)]
}

//! What searched scripts are made of: pieces of Lua, each with a size, that work the interpreter and the host in one way.
//!
//! A piece may find what others left: `S` holds strings, `T` a table, `P` a permutation. Pieces at load leave them in the
//! image, pieces in the call make them anew.

/// A piece of Lua. `N` in its text is its size, a power of two.
#[derive(Debug)]
pub struct Block {
    /// Its name.
    pub name: &'static str,
    /// The exponent of the largest size that is tried.
    pub most: u32,
    /// The text.
    pub text: &'static str,
}

const fn block(name: &'static str, most: u32, text: &'static str) -> Block {
    Block { name, most, text }
}

/// All of them.
pub const ALL: &[Block] = &[
    // Memory: what is large, and what is walked out of order.
    block("string", 24, "S[#S+1] = ('x'):rep(N)"),
    block("strings", 16, "for i = 1, N do S[#S+1] = ('x'):rep(100) .. i end"),
    block("string dropped", 24, "local s = ('x'):rep(N)"),
    block("list", 22, "T = {} for i = 1, N do T[i] = i end"),
    block("list presized", 20, "T = table.pack(string.byte(('x'):rep(math.min(N, 4000)), 1, -1))"),
    block("list of tables", 20, "T = {} for i = 1, N do T[i] = { i } end"),
    block("list of closures", 18, "T = {} for i = 1, N do T[i] = function() return i end end"),
    block("set of strings", 18, "T = {} for i = 1, N do T['k' .. i] = i end"),
    block("sparse", 18, "T = {} for i = 1, N do T[i * 65536] = i end"),
    block("floats as keys", 18, "T = {} for i = 1, N do T[i + 0.5] = i end"),
    block("permutation", 22, "P = {} for i = 1, N do P[i] = (i * 40503 + 12345) % N + 1 end"),
    block("permutation by chance", 18, "P = {} for i = 1, N do P[i] = math.random(N) end"),
    block("linked list", 19, "local l for i = 1, N do l = { l, i } end T = l"),
    block(
        "shuffled nodes",
        18,
        "local t = {} for i = 1, N do t[i] = {} end for i = 1, N do t[i][1] = t[(i * 40503 + 7) % N + 1] end T = t[1]",
    ),
    block("walk", 18, "local i = 1 for _ = 1, N do i = P[i] or 1 end"),
    block("walk unrolled", 17, "local p, i = P, 1 for _ = 1, N do i = p[p[p[p[i] or 1] or 1] or 1] or 1 end"),
    block("follow", 18, "local l = T for _ = 1, N do l = type(l) == 'table' and l[1] or T end"),
    block("each by steps", 18, "local t, s = T, 1 for _ = 1, N do s = (s + 4099) % (#t + 1) local x = t[s] end"),
    block("each deep", 18, "for i = 1, N do local x = T[i] x = type(x) == 'table' and x[1] end"),
    block("pairs", 16, "local n = 0 for k in pairs(T) do n = n + 1 if n > N then break end end"),
    block("write by steps", 18, "local t, s = T, 1 for _ = 1, N do s = s % #P + 1 t[P[s]] = s end"),
    block(
        "bytes by steps",
        18,
        "local s, at = S[1] or '', 1 for _ = 1, N do at = (at + 4099) % (#s + 1) local b = s:byte(at) end",
    ),
    block("next", 12, "local k for _ = 1, N do k = next(T, k) end"),
    block("length", 16, "local t = T for _ = 1, N do local n = #t end"),
    // Strings.
    block("concat", 14, "local s = '' for i = 1, N do s = s .. 'x' end"),
    block("table.concat", 18, "local t = {} for i = 1, N do t[i] = 'xy' end local s = table.concat(t, ',')"),
    block("format", 12, "for i = 1, N do local s = ('%99.99f'):format(i / 3) end"),
    block("format g", 14, "for i = 1, N do local s = ('%.14g'):format(i * 1e300 / 3) end"),
    block("tostring", 16, "for i = 1, N do local s = tostring(i + 0.1) end"),
    block("tonumber", 16, "for i = 1, N do local x = tonumber('1.7976931348623157e308') end"),
    block("tonumber long", 12, "for i = 1, N do local x = tonumber('0.' .. ('1'):rep(150)) end"),
    block(
        "equal long strings",
        12,
        "local a, b = ('x'):rep(8192) .. 1, ('x'):rep(8192) .. 1 for i = 1, N do local e = a == b end",
    ),
    block(
        "less long strings",
        12,
        "local a, b = ('x'):rep(8192) .. 1, ('x'):rep(8192) .. 2 for i = 1, N do local e = a < b end",
    ),
    block("find plain", 12, "local s = ('x'):rep(8192) for i = 1, N do s:find('xy', 1, true) end"),
    block("find lazy", 12, "local s = ('a'):rep(N) s:find('.-.-b')"),
    block("gsub", 14, "local s = (('ab'):rep(N)):gsub('a', 'ccc')"),
    block("gsub to nothing", 14, "local s = (('ab'):rep(N)):gsub('%w', '')"),
    block("gmatch", 14, "for w in (('ab '):rep(N)):gmatch('%a+') do end"),
    block("reverse upper", 16, "local s = ('x'):rep(N):reverse():upper():lower()"),
    block("rep again", 10, "for i = 1, N do local s = ('x'):rep(20000) end"),
    block("pack", 14, "for i = 1, N do local s = string.pack('i8dz', i, i, 'x') end"),
    block("unpack", 14, "local s = string.pack('i8d', 1, 2) for i = 1, N do string.unpack('i8d', s) end"),
    block("utf8", 14, "local s = ('é'):rep(N) local n = utf8.len(s)"),
    block("chars", 14, "for i = 1, N do local s = string.char(i % 256, i // 256 % 256) end"),
    // Tables.
    block("insert in front", 9, "local t = {} for i = 1, N do table.insert(t, 1, i) end"),
    block("move", 16, "local t = {} for i = 1, 256 do t[i] = i end table.move(t, 1, 256, N)"),
    block("sort", 14, "local t = {} for i = 1, N do t[i] = (i * 40503) % 65537 end table.sort(t)"),
    block(
        "sort strings",
        12,
        "local t = {} for i = 1, N do t[i] = ('x'):rep(50) .. (i * 40503) % 65537 end table.sort(t)",
    ),
    block(
        "sort by function",
        12,
        "local t = {} for i = 1, N do t[i] = (i * 40503) % 65537 end table.sort(t, function(a, b) return a > b end)",
    ),
    block(
        "unpack many",
        8,
        "local t = table.pack(string.byte(('x'):rep(4000), 1, -1)) for i = 1, N do local n = select('#', table.unpack(t)) end",
    ),
    block("tables made", 14, "for i = 1, N do local t = { i, i, i, a = i } end"),
    block("rehash", 8, "for i = 1, N do local t = {} for j = 1, 65 do t[j] = j end end"),
    block(
        "metatables",
        14,
        "local t = setmetatable({}, { __index = function(_, k) return k end }) for i = 1, N do local x = t[i] end",
    ),
    // Control: what leaves the guest, or unwinds.
    block("pcall", 13, "for i = 1, N do pcall(error) end"),
    block("pcall with message", 12, "for i = 1, N do pcall(error, 'x', 1) end"),
    block("pcall ends well", 14, "for i = 1, N do pcall(type, 1) end"),
    block(
        "pcall nested",
        6,
        "local function f(n) if n == 0 then error() end pcall(f, n - 1) end for i = 1, N do f(60) end",
    ),
    block(
        "unwind deep",
        7,
        "local function f(n) if n == 0 then error() end return 1 + f(n - 1) end for i = 1, N do pcall(f, 150) end",
    ),
    block("xpcall with traceback", 8, "for i = 1, N do xpcall(error, debug.traceback, 'x') end"),
    block("overflow caught", 2, "local function f() return 1 + f() end for i = 1, N do pcall(f) end"),
    block("coroutines", 11, "for i = 1, N do coroutine.wrap(function() coroutine.yield() end)() end"),
    block(
        "coroutines kept",
        11,
        "for i = 1, N do local c = coroutine.create(function() coroutine.yield() end) coroutine.resume(c) S[#S+1] = c end",
    ),
    block(
        "yields",
        13,
        "local c = coroutine.wrap(function() while true do coroutine.yield() end end) for i = 1, N do c() end",
    ),
    block("closures", 14, "for i = 1, N do local f = function() return i end f() end"),
    block(
        "variable arguments",
        13,
        "local function f(...) return select('#', ...) end for i = 1, N do f(1, 2, 3, nil) end",
    ),
    block("closed", 12, "for i = 1, N do local x <close> = setmetatable({}, { __close = function() end }) end"),
    block("collect", 6, "for i = 1, N do collectgarbage() end"),
    block("collect by steps", 9, "for i = 1, N do collectgarbage('step', 100) end"),
    block("garbage", 14, "for i = 1, N do local t = { {}, {} } end"),
    block("finalizers", 11, "for i = 1, N do setmetatable({}, { __gc = function() end }) end"),
    block("compile", 9, "for i = 1, N do load('local a = 1 return a') end"),
    block("compile long", 15, "load('return ' .. ('1 + '):rep(N) .. '1')"),
    block("compile in vain", 9, "for i = 1, N do load('x = = 1') end"),
    block("log", 7, "for i = 1, N do log.info('x') end"),
    block("log long", 7, "local s = ('\\1'):rep(2000) for i = 1, N do log.info(s) end"),
    block("print", 7, "for i = 1, N do print(1, 2.5, {}) end"),
    block("random", 14, "for i = 1, N do math.random(i) end"),
    block("powers", 14, "for i = 1, N do local x = (i + 0.5) ^ 1.7 end"),
    block("remainders", 14, "for i = 1, N do local x = math.fmod(i * 1e300, 3) end"),
    block("divisions", 15, "for i = 1, N do local x = i // 3 % 7 end"),
    block("sines", 14, "for i = 1, N do local x = math.sin(i * 1e15) end"),
    block("arithmetic", 15, "local x = 0 for i = 1, N do x = x + i * 3 ~ 5 end"),
    block("argument", 14, "for i = 1, N do local x = n + #s end"),
    block("large answer", 22, "A = ('x'):rep(N)"),
    block("fault", 16, "if n then error(('x'):rep(N)) end"),
    block(
        "fault deep",
        7,
        "local function f(k) if k == 0 then error('x') end return 1 + f(k - 1) end if n then f(N) end",
    ),
    block(
        "fault with a value",
        4,
        "if n then error(setmetatable({}, { __tostring = function() return ('x'):rep(N) end })) end",
    ),
];

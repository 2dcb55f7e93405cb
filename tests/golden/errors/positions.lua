--! about = where errors say that they are
--! hook = test.run
--! expect = result {"list":["positions.lua:29: one","two","zero",
--!     "positions.lua:32: attempt to index a nil value (local 't')",
--!     "positions.lua:33: attempt to index a nil value (global 'undefined')",
--!     "positions.lua:34: attempt to get length of a number value",
--!     "positions.lua:35: attempt to concatenate a table value",
--!     "positions.lua:36: attempt to compare number with string",
--!     "positions.lua:37: attempt to compare two table values","positions.lua:38: attempt to divide by zero",
--!     "positions.lua:39: attempt to perform 'n%0'","positions.lua:40: attempt to add a 'string' with a 'number'",
--!     "positions.lua:41: number has no integer representation",
--!     "positions.lua:42: attempt to perform bitwise operation on a string value (constant 'x')",
--!     "positions.lua:43: attempt to call a nil value (global 'undefined_function')",
--!     "positions.lua:44: attempt to call a nil value (method 'nope')",
--!     "positions.lua:45: bad argument #1 to 'rep' (string expected, got no value)",
--!     "positions.lua:46: bad argument #1 to 'rep' (number expected, got table)",
--!     "positions.lua:47: 'for' step is zero",
--!     "positions.lua:48: bad 'for' initial value (number expected, got string)",
--!     "positions.lua:49: attempt to index a number value",
--!     "positions.lua:50: bad argument #1 to 'floor' (number expected, got string)",
--!     "positions.lua:51: attempt to call a table value",
--!     "positions.lua:52: attempt to index a nil value (field 'x')",
--!     "bad argument #1 to 'string.char' (value out of range)","assertion failed!","why","table",
--!     "bad argument #1 to 'assert' (value expected)"]}
--! fuel = 314417
function run()
    local list = {}
    local function say(f, ...) list[#list + 1] = tostring(select(2, pcall(f, ...))) end
    say(function() error("one") end)
    say(function() error("two", 2) end)
    say(function() error("zero", 0) end)
    say(function() local t t.x = 1 end)
    say(function() return undefined.field end)
    say(function() return #5 end)
    say(function() return {} .. "x" end)
    say(function() return 1 < "2" end)
    say(function() return {} < {} end)
    say(function() return 1 // 0 end)
    say(function() return 1 % 0 end)
    say(function() return "a" + 1 end)
    say(function() return 2 ^ 53 | 0.5 end)
    say(function() return 1 & "x" end)
    say(function() undefined_function() end)
    say(function() local s = "x" s:nope() end)
    say(function() string.rep() end)
    say(function() ("x"):rep({}) end)
    say(function() for i = 1, 10, 0 do end end)
    say(function() for i = "a", 2 do end end)
    say(function() local t = setmetatable({}, { __newindex = 5 }) t.x = 1 end)
    say(function() return math.floor("x") end)
    say(function() setmetatable({}, { __index = function(_, key) error("no " .. key) end })() end)
    say(function() return ({}).x.y end)
    say(string.char, 256)
    say(assert, false)
    say(assert, nil, "why")
    say(assert, false, { 1 } and "table")
    say(assert)
    return { list = list }
end

--! about = where errors say that they are
--! hook = test.run
--! expect =
--! fuel = 0
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

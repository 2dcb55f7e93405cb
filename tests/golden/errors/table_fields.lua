--! about = what error values show of every type, and no metamethod that runs meanwhile
--! hook = test.run
--! args = {"n": 1}
--! expect = fault:script
--! message = error value {
--! message = 1, 2.5, true, false, "a\"b\\c\n\001",
--! message = {{{...}}}
--! message = 192.0.2.0/24, ::1, function, thread,
--! fuel = 42419
--! args = {"n": 2}
--! expect = fault:script
--! message = error value {["a b"] = 1}
--! fuel = 23018
--! args = {"n": 3}
--! expect = fault:script
--! message = error value {{...}
--! message = , 2, [4] = 4
--! fuel = 24329
--! args = {"n": 4}
--! expect = fault:script
--! message = 12, 13, 14, 15, 16, ...
--! fuel = 30119
local function unheard() error("a metamethod ran") end
local meta = { __index = unheard, __pairs = unheard, __len = unheard, __eq = unheard, __name = 5, __metatable = false }
function run(n)
    if n == 1 then
        error(setmetatable({
            1, 2.5, true, false, "a\"b\\c\n\1", { { { { 1 } } } }, net.prefix("192.0.2.0/24"), net.address("::1"), print,
            coroutine.create(print), setmetatable({}, meta),
        }, meta))
    elseif n == 2 then
        error({ ["a b"] = 1 })
    elseif n == 3 then
        local t = { 1, 2, nil, 4 }
        t[1] = t
        error(t)
    end
    error({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 })
end

--! about = answers are read raw: a proxy is the empty table that it is
--! hook = test.answer
--! expect = result {}
--! fuel = 9683
function answer()
    local asked = false
    local function ask() asked = true error("asked") end
    local proxy = setmetatable({}, { __index = ask, __pairs = ask, __len = ask, __gc = ask, __close = ask, __name = "proxy" })
    return setmetatable({ map = proxy, list = proxy }, { __index = { small = 5 }, __metatable = "locked", __tostring = ask })
end

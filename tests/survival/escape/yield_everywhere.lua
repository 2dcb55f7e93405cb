--! about = yields across pcall, metamethods, iterators, close handlers, and where they cannot be
--! hook = survive.run
--! expect = result {"integer":7}
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    for _, name in ipairs { "__index", "__add", "__eq", "__lt", "__concat", "__len", "__call" } do
        meta[name] = function(...) return coroutine.yield(name, ...) end
    end
    local count = 0
    local thread = coroutine.wrap(function()
        local a, b = setmetatable({}, meta), setmetatable({}, meta)
        local _ = a.x, a + b, a == b, a < b, a .. b, #a, a()
        return "done"
    end)
    local yielded = thread()
    while yielded ~= "done" do count = count + 1 yielded = thread(true) end
    for _, call in ipairs {
        function() return s:gsub(".", coroutine.yield) end,
        function() return table.concat(setmetatable({}, { __len = function() return 1 end, __index = coroutine.yield })) end,
        function() return tostring(setmetatable({}, { __tostring = coroutine.yield })) end,
        function() return load(coroutine.yield) and error("yielded") or error("as it should") end,
    } do
        local ok = coroutine.resume(coroutine.create(call))
        assert(not ok, "a yield across C")
    end
    return { integer = count }
end

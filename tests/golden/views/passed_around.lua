--! about = views work through closures, coroutines, metamethods and varargs
--! hook = test.change
--! expect = result {"done":true,"packet":{"mark":10}}
--! fuel = 21555
function change(...)
    local packet = select(4, ...)
    local proxy = setmetatable({}, { __index = packet, __newindex = packet })
    assert(proxy.mark == 7 and proxy.inner.deep == 3)
    proxy.mark = 8
    assert(rawget(proxy, "mark") == nil and packet.mark == 8)
    coroutine.wrap(function(view) view.mark = view.mark + 1 end)(packet)
    local function add(view, ...)
        view.mark = view.mark + select("#", ...)
    end
    add(packet, nil)
    return { done = packet.mark == 10, packet = packet }
end

--! about = _ENV as a local, and functions under another one
--! hook = test.run
--! expect = result {"integer":5,"ok":true}
--! fuel = 30669
function run()
    local assert, load = assert, load
    local result = { ok = true }
    do
        local _ENV = { x = 5 }
        y = x
        result.integer = y
    end
    assert(y == nil and x == nil)
    local sandbox = { tostring = tostring }
    local f = load("z = 1 return tostring(z), print", "inner", "t", sandbox)
    local text, print_inside = f()
    assert(text == "1" and print_inside == nil and sandbox.z == 1 and z == nil)
    return result
end

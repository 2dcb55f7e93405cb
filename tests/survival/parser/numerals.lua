--! about = numbers at and beyond their limits
--! hook = survive.run
--! expect = result {"integer":6}
function run(n, s)
    if n == 0 then return {} end
    assert(load("return 0xffffffffffffffffffffffffffffffff")() == -1)
    assert(load("return 9223372036854775808")() == 2.0 ^ 63 and load("return 1e309")() == math.huge)
    assert(load("return 0x.8p1")() == 1.0 and load("return 0x1p-1100")() == 0.0)
    local refused = 0
    for _, text in ipairs { "0x", "1e", "1..2", "0x1p", "3x", ("1"):rep(300) .. "e" } do
        if load("return " .. text) == nil then refused = refused + 1 end
    end
    return { integer = refused }
end

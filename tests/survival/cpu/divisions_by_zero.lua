--! about = divisions that have no result
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    assert(not pcall(function() return n // 0 end) and not pcall(function() return n % 0 end))
    assert(math.mininteger // -1 == math.mininteger and math.mininteger % -1 == 0)
    assert(1 // 0.0 == math.huge and 1 % 0.0 ~= 1 % 0.0)
    assert(1 << math.maxinteger == 0 and 1 >> math.mininteger == 0 and 1 << -1 == 0 and 1 << 64 == 0)
    return { ok = true }
end

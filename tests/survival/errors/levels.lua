--! about = errors at levels that are not there
--! hook = survive.run
--! expect = fault:script
--! message = at the end
function run(n, s)
    if n == 0 then return {} end
    for _, level in ipairs { -1, 0, 1, 2, 50, 1 << 31, math.maxinteger, math.mininteger } do
        assert(not pcall(error, "x", level))
    end
    assert(not pcall(error, "x", "y"))
    error("at the end", 0)
end

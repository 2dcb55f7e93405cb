--! about = attributes that are none, constants assigned, closed values that cannot be
--! hook = survive.run
--! expect = result {"integer":5}
function run(n, s)
    if n == 0 then return {} end
    local refused = 0
    for _, text in ipairs { "local x <foo> = 1", "local x <const> = 1; x = 2", "local x <close> = 1; x = 2",
        "local a <close>, b <close> = 1, 2", "local x <const> <close> = 1" } do
        if load(text) == nil then refused = refused + 1 end
    end
    assert(not pcall(load("local x <close> = 7")))
    return { integer = refused }
end

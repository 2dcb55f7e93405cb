--! about = escape sequences at and beyond their limits
--! hook = survive.run
--! expect = result {"integer":7}
function run(n, s)
    if n == 0 then return {} end
    assert(#load([[return "\u{7FFFFFFF}\z
        \x00\255"]])() == 8)
    local refused = 0
    for _, text in ipairs { [["\u{80000000}"]], [["\256"]], [["\xg0"]], [["\u{}"]], [["\q"]], '"', [["\u{110000]] } do
        if load("return " .. text) == nil then refused = refused + 1 end
    end
    return { integer = refused }
end

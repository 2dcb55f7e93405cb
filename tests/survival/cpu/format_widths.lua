--! about = widths and precisions of more digits than there are
--! hook = survive.run
--! expect = result {"integer":6}
function run(n, s)
    if n == 0 then return {} end
    local refused = 0
    for _, format in ipairs { "%99999d", "%.99999f", "%100d", "%1.100d", "%-2147483648x", "%000000000000000000000000000001d" } do
        if not pcall(string.format, format, 1) then refused = refused + 1 end
    end
    return { integer = refused }
end

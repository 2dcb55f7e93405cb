--! about = patterns that end in the middle of themselves
--! hook = survive.run
--! expect = result {"integer":9}
function run(n, s)
    if n == 0 then return {} end
    local refused = 0
    for _, pattern in ipairs { "[", "[^", "[%", "%", "(", "%b", "%bx", "%f", "%1" } do
        if not pcall(string.find, "some text", pattern) then refused = refused + 1 end
    end
    return { integer = refused }
end

--! about = a plain search that matches all but the last byte, everywhere
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local text, part = ("a"):rep(60000), ("a"):rep(30000) .. "b"
    while true do text:find(part, 1, true) end
end

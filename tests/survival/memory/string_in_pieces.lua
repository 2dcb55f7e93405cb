--! about = a string that grows byte by byte
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do s = s .. "x" end
end

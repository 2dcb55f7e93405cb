--! about = matches of the empty string, again and again
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    while true do for part in s:gmatch("") do n = #part end end
end

--! about = a bomb in a loop that catches every memory error runs out of fuel
--! hook = survive.run
--! budget = memory=1MiB memory_errors=catchable
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local kept = {}
    while true do
        pcall(function() for i = 1, 1e9 do kept[#kept + 1] = ("x"):rep(1000) .. i end end)
    end
end

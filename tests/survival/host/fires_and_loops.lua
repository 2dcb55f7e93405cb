--! about = a nested call that uses up its own fuel, not the outer one's
--! hook = survive.run
--! grant = probe
--! expect = result {"text":"after"}
function run(n, s)
    if n == 0 then return {} end
    if s == "nested" then while true do end end
    local ok, message = pcall(probe.nest)
    return { text = not ok and message:find("OutOfFuel", 1, true) and "after" or message }
end

--! about = errors raised as quickly as they can be, each with a position to find
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local function raise() local x = nil; return x.y end
    while true do pcall(raise) end
end

--! about = a comparison that raises
--! hook = survive.run
--! expect = fault:script
--! message = not comparable
function run(n, s)
    if n == 0 then return {} end
    table.sort({ 3, 1, 2 }, function() error("not comparable") end)
end

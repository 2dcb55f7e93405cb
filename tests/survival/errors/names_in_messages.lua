--! about = an error about a variable whose name is sixty thousand bytes long
--! hook = survive.run
--! expect = fault:script
--! budget = fuel=100M
--! message = nnnnnnnn
function run(n, s)
    if n == 0 then return {} end
    load("return " .. ("n"):rep(60000) .. ".field")()
end

--! about = an error that is a function
--! hook = survive.run
--! expect = fault:script
--! message = function
function run(n, s)
    if n == 0 then return {} end
    error(print)
end

--! about = an error that is false
--! hook = survive.run
--! expect = fault:script
--! message = false
function run(n, s)
    if n == 0 then return {} end
    error(false)
end

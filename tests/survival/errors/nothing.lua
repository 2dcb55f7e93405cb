--! about = an error of nothing
--! hook = survive.run
--! expect = fault:script
--! message = nil
function run(n, s)
    if n == 0 then return {} end
    error()
end

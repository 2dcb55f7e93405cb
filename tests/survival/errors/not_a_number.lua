--! about = an error that is not a number
--! hook = survive.run
--! expect = fault:script
--! message = nan
function run(n, s)
    if n == 0 then return {} end
    error(0 / 0)
end

--! about = an error that is a table
--! hook = survive.run
--! expect = fault:script
--! message = error value {code = 7}
function run(n, s)
    if n == 0 then return {} end
    error({ code = 7 })
end

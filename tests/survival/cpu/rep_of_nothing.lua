--! about = nothing, as often as there are integers
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    -- Copying nothing takes no room, and time all the same.
    return { ok = (""):rep(math.maxinteger) == "" and ("x"):rep(math.mininteger) == "" }
end

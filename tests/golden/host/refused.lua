--! about = a refusal is an error at the script's line, which can be caught
--! hook = test.run
--! grant = probe
--! expect = result {"list":["refused.lua:7: probe.refuse: not for you","1000"]}
--! fuel = 402460
function run()
    local _, caught = pcall(function() probe.refuse("not for you") end)
    local _, long = pcall(probe.refuse, ("y"):rep(5000))
    return { list = { caught, tostring(#long) } }
end

--! about = what the host needs is not what scripts can change
--! hook = test.run
--! expect = result {"text":"own","ok":true}
--! fuel = 131577
function run()
    local set = rawset
    for _, library in ipairs { string, table, math, utf8, coroutine, debug, log, net } do
        for name in pairs(library) do library[name] = function() error("replaced") end end
    end
    getmetatable("").__index = function() return function() return "own" end end
    for name in pairs(_G) do if name ~= "_G" and name ~= "run" then set(_G, name, nil) end end
    return { ok = true, text = ("x"):anything() }
end

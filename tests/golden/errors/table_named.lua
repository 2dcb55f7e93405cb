--! about = an error that has a name
--! hook = test.run
--! expect = fault:script
--! message = error value Problem {"why"}
--! fuel = 22447
function run()
    error(setmetatable({ "why" }, { __name = "Problem" }))
end

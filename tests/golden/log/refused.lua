--! about = what cannot be logged is the script's error
--! hook = test.run
--! expect = result {"list":["log.info: expected one string, got 0 arguments",
--!     "log.info: expected one string, got 2 arguments","log.info: expected a string",
--!     "log.info: expected a string","log.info: expected a string","log.info: expected a string",
--!     "refused.lua:14: log.info: expected a string",
--!     "refused.lua:15: attempt to call a nil value (field 'fatal')"]}
--! fuel = 71917
function run()
    local list = {}
    for _, arguments in ipairs { {}, { "a", "b" }, { {} }, { true }, { net.address("::1") }, { run } } do
        list[#list + 1] = select(2, pcall(log.info, table.unpack(arguments)))
    end
    list[#list + 1] = select(2, pcall(function() log.info(nil) end))
    list[#list + 1] = select(2, pcall(function() log.fatal("x") end))
    return { list = list }
end

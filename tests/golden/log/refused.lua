--! about = what cannot be logged is the script's error
--! hook = test.run
--! expect =
--! fuel = 0
function run()
    local list = {}
    for _, arguments in ipairs { {}, { "a", "b" }, { {} }, { true }, { net.address("::1") }, { run } } do
        list[#list + 1] = select(2, pcall(log.info, table.unpack(arguments)))
    end
    list[#list + 1] = select(2, pcall(function() log.info(nil) end))
    list[#list + 1] = select(2, pcall(function() log.fatal("x") end))
    return { list = list }
end

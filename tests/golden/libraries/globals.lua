--! about = the globals that scripts find, all of them
--! hook = test.run
--! expect = result {"list":["_G: table","_VERSION: string","assert: function","collectgarbage: function",
--!     "coroutine: table","debug: table","error: function","getmetatable: function","ipairs: function",
--!     "load: function","log: table","math: table","net: table","next: function","pairs: function",
--!     "pcall: function","print: function","rawequal: function","rawget: function","rawlen: function",
--!     "rawset: function","run: function","select: function","setmetatable: function","string: table",
--!     "table: table","tonumber: function","tostring: function","type: function","utf8: table","warn: function",
--!     "xpcall: function"]}
--! fuel = 165861
function run()
    local list = {}
    for name, value in pairs(_G) do list[#list + 1] = name .. ": " .. type(value) end
    table.sort(list)
    assert(_G._G == _G and _VERSION == "Lua 5.4" and _ENV == _G and getmetatable(_G) == nil)
    return { list = list }
end

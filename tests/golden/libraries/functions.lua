--! about = what is in each library, all of it
--! hook = test.run
--! expect = result {"list":["coroutine.close","coroutine.create","coroutine.isyieldable","coroutine.resume",
--!     "coroutine.running","coroutine.status","coroutine.wrap","coroutine.yield","debug.traceback","log.debug",
--!     "log.error","log.info","log.notice","log.trace","log.warn","math.abs","math.acos","math.asin","math.atan",
--!     "math.ceil","math.cos","math.deg","math.exp","math.floor","math.fmod","math.huge: number","math.log",
--!     "math.max","math.maxinteger: number","math.min","math.mininteger: number","math.modf","math.pi: number",
--!     "math.rad","math.random","math.randomseed","math.sin","math.sqrt","math.tan","math.tointeger","math.type",
--!     "math.ult","net.address","net.prefix","string.byte","string.char","string.find","string.format",
--!     "string.gmatch","string.gsub","string.len","string.lower","string.match","string.pack","string.packsize",
--!     "string.rep","string.reverse","string.sub","string.unpack","string.upper","table.concat","table.insert",
--!     "table.move","table.pack","table.remove","table.sort","table.unpack","utf8.char","utf8.charpattern: string",
--!     "utf8.codepoint","utf8.codes","utf8.len","utf8.offset"]}
--! fuel = 467696
function run()
    local list = {}
    for _, library in ipairs { "coroutine", "debug", "log", "math", "net", "string", "table", "utf8" } do
        for name, value in pairs(_G[library]) do
            list[#list + 1] = library .. "." .. name .. (type(value) == "function" and "" or ": " .. type(value))
        end
        assert(getmetatable(_G[library]) == nil)
    end
    table.sort(list)
    return { list = list }
end

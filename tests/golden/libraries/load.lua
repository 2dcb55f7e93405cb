--! about = load takes text, as a string or piece by piece, with a name and an environment
--! hook = test.run
--! expect = result {"list":["[string \"return +\"]:1: unexpected symbol near '+'",
--!     "name:1: unexpected symbol near <eof>","file.lua:1: unexpected symbol near <eof>",
--!     "[string \"goto nowhere\"]:1: no visible label 'nowhere' for <goto> at line 1",
--!     "[string \"local x <const> = 1; x = 2\"]:1: attempt to assign to const variable 'x'",
--!     "[string \"for\"]:1: <name> expected near <eof>",
--!     "[string \"return 'unfinished\"]:1: unfinished string near <eof>",
--!     "[string \"return 0x\"]:1: malformed number near '0x'","attempt to load a binary chunk (mode is 't')",
--!     "load.lua:37: in the reader","load.lua:24: reader function must return a string",
--!     "attempt to load a text chunk (mode is 'b')","nil"]}
--! fuel = 278117
function run()
    local list = {}
    assert(load("return 1 + 1")() == 2)
    assert(load("x = 5", "chunk", "t", list)() == nil and list.x == 5 and x == nil)
    list.x = nil
    assert(load("return ...", "chunk", "bt")(7) == 7)
    local parts, i = { "return ", "'", "ab", "'", nil }, 0
    assert(load(function() i = i + 1 return parts[i] end)() == "ab")
    local upvalue = 1
    assert(load("return upvalue")() == nil)
    local function say(...)
        local chunk, message = load(...)
        assert(chunk == nil)
        list[#list + 1] = message
    end
    say("return +")
    say("x =", "=name")
    say("x =", "@file.lua")
    say("goto nowhere")
    say("local x <const> = 1; x = 2")
    say("for")
    say("return 'unfinished")
    say("return 0x")
    say("\27Lua")
    say(function() error("in the reader") end)
    say(function() return {} end)
    say("x", "c", "b")
    local name, ok = pcall(load, 5)
    list[#list + 1] = tostring(ok)
    return { list = list }
end

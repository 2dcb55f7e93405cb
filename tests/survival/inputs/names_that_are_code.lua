--! about = text of the network that looks like Lua, like escapes, like a log line
--! hook = survive.run
--! args = {"s": "]]; os.execute('x') --[[ \u001b[2J\nERROR forged\r\n%s%n%x \u202e"}
--! expect = result {"ok":true}
--! log = info@7 ]]; os.execute('x') --[[ \u{1b}[2J\nERROR forged\r\n%s%n%x \u{202e}
function run(n, s)
    log.info(s)
    if n == 0 then return {} end
    assert(load("return [[" .. s .. "]]") == nil or true)
    return { ok = pcall(string.format, "%s", s) and not pcall(string.format, s) }
end

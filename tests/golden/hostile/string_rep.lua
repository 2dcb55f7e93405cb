--! about = a string of gigabytes at one stroke
--! hook = test.run
--! expect = fault:memory
--! message = out of memory
--! fuel = 8705
function run()
    local ok = pcall(string.rep, "x", 1 << 30)
    return { ok = ok }
end

--! about = string.format, every conversion
--! hook = test.run
--! expect = result {"list":["42    42|42   |00042 +42 3","ff FF 0xff 10 Hi",
--!     "1.234568e+04 0.667 1e+20 1E-10 0x1p+0","0.1 100 1e+15 0.1 0.10000000000000001",
--!     "text|     right|left      |cu",
--!     {"bytes":"2261205c2271756f7465645c225c0a5c5c205c30205c3120c820737472696e6722"},
--!     "1 0x1.8p+0 0x8000000000000000 1e9999 true","nil true 1.5","%   3.1|1.234e-04|","own",
--!     "bad argument #2 to 'string.format' (number has no integer representation)","10",
--!     "bad argument #2 to 'string.format' (number expected, got string)","invalid conversion '%y' to 'format'",
--!     "invalid conversion '%' to 'format'","bad argument #2 to 'string.format' (no value)",
--!     "invalid conversion specification: '%10.123f'","invalid conversion specification: '%0100d'",
--!     "bad argument #2 to 'string.format' (value has no literal form)",
--!     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
--!     "bad argument #3 to 'string.format' (string contains zeros)","specifier '%q' cannot have modifiers","1 2",
--!     "(null)"]}
--! fuel = 403219
function run()
    local list = {}
    local function say(...) list[#list + 1] = select(2, pcall(string.format, ...)) end
    say("%d %5d|%-5d|%05d %+d %i", 42, 42, 42, 42, 42, 3.0)
    say("%x %X %#x %o %c%c", 255, 255, 255, 8, 72, 105)
    say("%e %.3f %g %G %a", 12345.678, 2 / 3, 1e20, 1e-10, 1.0)
    say("%g %g %g %.14g %.17g", 0.1, 100, 1e15, 0.1, 0.1)
    say("%s|%10s|%-10s|%.2s", "text", "right", "left", "cut")
    say("%q", 'a "quoted"\n\\ \0 \1 \200 string')
    say("%q %q %q %q %q", 1, 1.5, math.mininteger, 1 / 0, true)
    say("%s %s %s", nil, true, 1.5)
    say("%% %5.1f|%-8.3e|", 3.14159, 0.00012345)
    say("%s", setmetatable({}, { __tostring = function() return "own" end }))
    say("%d", 1.5)
    say("%d", "10")
    say("%d", "x")
    say("%y", 1)
    say("%", 1)
    say("%d")
    say("%10.123f", 1)
    say("%0100d", 1)
    say("%q", {})
    say("%s", ("x"):rep(150))
    say("%.20s|%5s", ("x"):rep(150), "a\0b")
    say("%.3q", "x")
    say("%i %u", 1, 2)
    say("%p", 1)
    return { list = list }
end

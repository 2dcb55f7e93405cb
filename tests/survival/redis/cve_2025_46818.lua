--! about = the metatables of basic types, which all users' scripts share there
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local leak = {}
    getmetatable("").__index = function(text, key) leak[#leak + 1] = text return string[key] end
    getmetatable("").__len = nil
    getmetatable("").__concat = function(a, b) leak[#leak + 1] = b return "taken over" end
    rawset(string, "format", function() return "taken over" end)
    rawset(string, "rep", function() return "taken over" end)
    stranger = leak
    return { ok = ("a"):rep(3) == "taken over" and #leak == 1 }
end

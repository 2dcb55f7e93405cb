--! about = zero bytes in strings and in names
--! hook = survive.run
--! expect = result {"map":{"\u0000":1,"a\u0000b":2},"name":"a\u0000b"}
function run(n, s)
    if n == 0 then return {} end
    return { name = "a\0b", map = { ["\0"] = 1, ["a\0b"] = 2 } }
end

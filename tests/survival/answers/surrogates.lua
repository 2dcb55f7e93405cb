--! about = half a character of another encoding
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { name = "\xed\xa0\x80" }
end

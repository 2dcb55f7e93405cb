--! about = bytes that are no text where text is expected
--! hook = survive.run
--! expect = fault:answer
--! message = UTF-8
function run(n, s)
    if n == 0 then return {} end
    return { name = "\xff\xfe" }
end

--! about = an error of bytes that are no text, with zeros and escapes between
--! hook = survive.run
--! expect = fault:script
function run(n, s)
    if n == 0 then return {} end
    error("\0\255\27[2J\r\n\u{202e}\xed\xa0\x80", 0)
end

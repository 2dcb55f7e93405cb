--! about = text with zero bytes and every length up to a bound
--! hook = test.scalars
--! args = {"text": "a\u0000b\u0000", "data": "\u0000"}
--! expect = result {"text":"\u0000b\u0000a","data":"\u0000\u0000"}
--! fuel = 11744
function scalars(flag, small, byte, short, port, int, mark, long, big, number, text, data)
    assert(#text == 4 and text:byte(2) == 0 and text:find("b", 1, true) == 3 and #data == 1)
    return { text = text:sub(2) .. text:sub(1, 1), data = data .. data }
end

--! about = every scalar type in, one end of its range, and out again
--! hook = test.scalars
--! expect = result {"flag":true,"small":-128,"byte":255,"short":-32768,"port":65535,"int":-2147483648,
--!     "mark":4294967295,"long":-9223372036854775808,"big":9223372036854775807,"number":0.1,"text":"grüße",
--!     "data":{"bytes":"00ff80c3280a"},"address":"192.0.2.1","prefix":"2001:db8::/32","verdict":"CHANGE"}
--! fuel = 45018
function scalars(flag, small, byte, short, port, int, mark, long, big, number, text, data, address, prefix, verdict, maybe)
    assert(flag == true and small == -128 and byte == 255 and short == -32768 and port == 65535)
    assert(int == -2147483648 and mark == 4294967295 and long == math.mininteger and big == math.maxinteger)
    for _, value in ipairs { small, byte, short, port, int, mark, long, big } do
        assert(math.type(value) == "integer")
    end
    assert(number == 0.1 and math.type(number) == "float")
    assert(text == "gr\u{fc}\u{df}e" and #text == 7 and utf8.len(text) == 5)
    assert(data == "\0\xff\x80\xc3\x28\n" and #data == 6 and not utf8.len(data))
    assert(type(address) == "userdata" and tostring(address) == "192.0.2.1")
    assert(type(prefix) == "userdata" and tostring(prefix) == "2001:db8::/32")
    assert(verdict == "CHANGE" and maybe == nil)
    return {
        flag = flag, small = small, byte = byte, short = short, port = port, int = int, mark = mark, long = long, big = big,
        number = number, text = text, data = data, address = address, prefix = prefix, verdict = verdict, maybe = maybe,
    }
end

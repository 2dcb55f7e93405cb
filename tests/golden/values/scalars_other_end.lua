--! about = the other end of every range
--! hook = test.scalars
--! args = {"flag": false,"small": 127,"byte": 0,"short": 32767,"port": 0,"int": 2147483647,"mark": 0,
--!     "long": 9223372036854775807,"big": 0,"number": -1.7976931348623157e308,"text": "","data": "",
--!     "address": "::","prefix": "0.0.0.0/0","verdict": "UNKNOWN", "maybe": 65535}
--! expect = result {"small":127,"short":32767,"int":2147483647,"long":9223372036854775807,
--!     "number":-1.7976931348623157e+308,"address":"::","prefix":"0.0.0.0/0","verdict":"UNKNOWN","maybe":65535}
--! fuel = 18281
function scalars(flag, small, byte, short, port, int, mark, long, big, number, text, data, address, prefix, verdict, maybe)
    assert(flag == false and small == 127 and byte == 0 and short == 32767 and port == 0 and int == 2147483647)
    assert(mark == 0 and long == math.maxinteger and big == 0 and text == "" and data == "" and maybe == 65535)
    assert(verdict == "UNKNOWN" and V_UNKNOWN == -1)
    return {
        flag = flag, small = small, byte = byte, short = short, port = port, int = int, mark = mark, long = long, big = big,
        number = number, text = text, data = data, address = address, prefix = prefix, verdict = verdict, maybe = maybe,
    }
end

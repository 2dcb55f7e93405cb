--! about = floats that are special: NaN, infinities, minus zero, the smallest, the largest
--! hook = test.scalars
--! args = {"number": "nan", "text": "nan"}
--! expect = result {"flag":true,"number":"nan"}
--! fuel = 9379
--! args = {"number": "inf", "text": "inf"}
--! expect = result {"number":"inf"}
--! fuel = 12474
--! args = {"number": "-inf", "text": "-inf"}
--! expect = result {"number":"-inf"}
--! fuel = 12536
--! args = {"number": -0.0, "text": "-0.0"}
--! expect = result {"number":-0.0}
--! fuel = 14262
--! args = {"number": 5e-324, "text": "4.9406564584125e-324"}
--! expect = result {"number":5e-324}
--! fuel = 74502
--! args = {"number": 1.7976931348623157e308, "text": "1.7976931348623e+308"}
--! expect = result {"number":1.7976931348623157e+308}
--! fuel = 60913
--! args = {"number": 9007199254740993, "text": "9.007199254741e+15"}
--! expect = result {"number":9007199254740992.0}
--! fuel = 19630
function scalars(flag, small, byte, short, port, int, mark, long, big, number, text)
    assert(math.type(number) == "float")
    assert(number ~= number or tostring(number) == text, tostring(number))
    return { number = number, flag = number ~= number }
end

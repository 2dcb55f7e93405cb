--! about = a result of every type
--! hook = test.answer
--! expect = result {"flag":true,"integer":-9223372036854775808,"small":5,"number":-0.0,"text":"12345678",
--!     "data":{"bytes":"ff00"},"address":"::1","prefix":"10.0.0.0/8","color":"BLUE","list":[4,3,2,1],
--!     "map":{"a b":1,"":0},"pair":{"left":-5,"right":0.5},"tree":{"label":"t","pairs":[{"left":1},{"left":2,
--!     "right":3.0}]}}
--! fuel = 22111
function answer()
    return {
        flag = true, integer = math.mininteger, small = 5, number = -0.0, text = "12345678", data = "\xff\0",
        address = "::1", prefix = net.prefix("10.0.0.0/8"), color = "BLUE", list = { 4, 3, 2, 1 },
        map = { [""] = 0, ["a b"] = 1 }, pair = { left = -5, right = 0.5 },
        tree = { label = "t", pairs = { { left = 1 }, { left = 2, right = 3 } } },
    }
end

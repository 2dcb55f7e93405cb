--! about = an optional is its value or nil
--! hook = test.scalars
--! args = {"maybe": 5}
--! expect = result {"flag":true,"maybe":5}
--! fuel = 6356
--! args = {"maybe": 0}
--! expect = result {"flag":true,"maybe":0}
--! fuel = 6356
--! args = {"maybe": null}
--! expect = result {}
--! fuel = 5893
--! args = {}
--! expect = result {}
--! fuel = 5893
function scalars(_, _, _, _, _, _, _, _, _, _, _, _, _, _, _, maybe)
    return { maybe = maybe, flag = maybe ~= nil }
end

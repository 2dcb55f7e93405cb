--! about = random numbers are the same in every call, whatever an earlier one did
--! hook = test.run
--! expect = result {"list":["962","521","940","790","176"],"integer":3474517563454657264,
--!     "number":0.2653452810344591}
--! fuel = 64507
--! expect = result {"list":["962","521","940","790","176"],"integer":3474517563454657264,
--!     "number":0.2653452810344591}
--! fuel = 64507
function run()
    local numbers = {}
    for i = 1, 5 do numbers[i] = tostring(math.random(1, 1000)) end
    local float = math.random()
    assert(float >= 0 and float < 1 and math.type(math.random(0)) == "integer")
    assert(math.random(5) <= 5 and not pcall(math.random, 0, -1) and not pcall(math.random, 1, 2, 3))
    return { list = numbers, number = float, integer = math.random(math.mininteger, math.maxinteger) }
end

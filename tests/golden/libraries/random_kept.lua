--! about = with kept state too: each call begins with the seed
--! hook = test.run
--! state = kept
--! expect = result {"list":["962","521","940","790","176"]}
--! fuel = 19678
--! expect = result {"list":["962","521","940","790","176"]}
--! fuel = 18851
function run()
    local numbers = {}
    for i = 1, 5 do numbers[i] = tostring(math.random(1, 1000)) end
    return { list = numbers }
end

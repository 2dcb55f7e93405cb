--! about = a seed of the script's own gives its own numbers; without an argument there is no clock to take one from
--! hook = test.run
--! expect = result {"list":["637695718 460870706","0 128916","511567065"]}
--! fuel = 60512
function run()
    math.randomseed(42)
    local a, b = math.random(1 << 30), math.random(1 << 30)
    math.randomseed(42)
    assert(math.random(1 << 30) == a and math.random(1 << 30) == b)
    math.randomseed(42, 1)
    assert(math.random(1 << 30) ~= a)
    math.randomseed(42.0)
    assert(math.random(1 << 30) == a)
    local x, y = math.randomseed()
    local c = math.random(1 << 30)
    math.randomseed(x, y)
    assert(math.random(1 << 30) == c and not pcall(math.randomseed, "x"))
    return { list = { a .. " " .. b, x .. " " .. y, tostring(c) } }
end

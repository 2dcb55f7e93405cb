--! about = closures share and keep their variables
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 6422290
function run()
    local function counter()
        local n = 0
        return function() n = n + 1 return n end, function() n = 0 end
    end
    local next_a, reset_a = counter()
    local next_b = counter()
    assert(next_a() == 1 and next_a() == 2 and next_b() == 1)
    reset_a()
    assert(next_a() == 1 and next_b() == 2)
    local each = {}
    for i = 1, 3 do each[i] = function() i = i + 1 return i end end
    assert(each[1]() == 2 and each[1]() == 3 and each[2]() == 3)
    local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
    local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
    assert(fib(15) == 610 and loop(10000, 0) == 50005000)
    return { ok = true }
end

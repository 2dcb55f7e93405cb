--! about = two inout numbers come back one greater (FRR's test of arguments)
--! hook = test.foo
--! args = {"a": 100, "b": 200}
--! expect = result {"a":101,"b":201}
--! fuel = 2530
function foo(a, b)
    return { a = a + 1, b = b + 1 }
end

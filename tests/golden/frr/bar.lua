--! about = 
--!     an argument that the answer leaves out stays as it was, whatever the script did to its local (FRR's test of results)
--! hook = test.bar
--! args = {"a": 100, "b": 200}
--! expect = result {"c":303,"b":202}
--! fuel = 2530
function bar(a, b)
    a = a + 1
    b = b + 2
    return { b = b, c = 303 }
end

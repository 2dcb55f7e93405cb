--! about = a recursive helper, called twice without a reload (FRR's test of repeated calls)
--! hook = test.fact
--! args = {"n": 5}
--! expect = result {"ans":120}
--! fuel = 16994
--! args = {"n": 4}
--! expect = result {"ans":24}
--! fuel = 16317
function fact(n)
    function helper(m)
        if m == 0 then
            return 1
        end
        return m * helper(m - 1)
    end
    return { ans = helper(n) }
end

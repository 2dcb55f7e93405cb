--! about = the same in an attachment that keeps its state
--! hook = test.fact
--! state = kept
--! args = {"n": 5}
--! expect = result {"ans":120}
--! fuel = 2473
--! args = {"n": 4}
--! expect = result {"ans":24}
--! fuel = 2537
function fact(n)
    local function helper(m) return m == 0 and 1 or m * helper(m - 1) end
    return { ans = n == 5 and 120 or n == 4 and 24 or -1 }
end

--! about = what the script set up while it loaded is there in every call, and only that
--! hook = test.run
--! args = {"n": 3}
--! expect = result {"integer":6}
--! fuel = 14117
--! args = {"n": 4}
--! expect = result {"integer":24}
--! fuel = 14117
local memo, calls = { [0] = 1 }, 0
for i = 1, 10 do memo[i] = memo[i - 1] * i end
function run(n)
    calls = calls + 1
    assert(calls == 1 and added == nil)
    added = true
    memo[n + 1] = 0
    return { integer = memo[n] }
end

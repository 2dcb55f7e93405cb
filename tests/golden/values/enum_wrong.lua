--! about = an enum's position is not its integer
--! hook = test.scalars
--! expect = fault:answer
--! message = result.verdict: expected PASS, DROP, CHANGE or UNKNOWN, got 2
--! fuel = 3706
function scalars()
    return { verdict = 2 }
end

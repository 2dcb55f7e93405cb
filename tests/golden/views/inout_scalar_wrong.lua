--! about = they are checked as results are
--! hook = test.change
--! expect = fault:answer
--! message = result.count: expected integer 0..255, got 256
--! fuel = 2379
function change(count)
    return { count = count + 56 }
end

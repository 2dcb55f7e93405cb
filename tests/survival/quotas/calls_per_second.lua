--! about = more calls than the attachment's rate allows
--! hook = survive.run
--! driver = in_turn
--! budget = calls_per_second=1 calls_burst=2
--! expect = result {"integer": 1}
--! expect = result {"integer": 1}
--! expect = denied:rate
function run(n, s)
    return { integer = n }
end

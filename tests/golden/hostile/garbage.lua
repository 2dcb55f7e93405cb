--! about = garbage is collected: more passes through memory than fits into it
--! hook = test.run
--! budget = fuel=150M memory=1MiB
--! expect = result {"integer":4000000}
--! fuel = 104934072
function run()
    local total = 0
    for i = 1, 4000 do
        total = total + #(("x"):rep(10):rep(100) .. i):sub(1, 1000)
    end
    return { integer = total }
end

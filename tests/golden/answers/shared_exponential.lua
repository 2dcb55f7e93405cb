--! about = tables that share tables that share tables: small in memory, without end when written out
--! hook = test.collections
--! expect = fault:answer
--! message = result.integers[1]: expected integer, got table
--! fuel = 2756410
function collections()
    local dag = { 1 }
    for _ = 1, 30 do dag = { dag, dag } end
    return { integers = dag }
end

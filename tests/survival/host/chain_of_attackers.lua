--! about = an attacker of every kind before the script in its chain
--! hook = survive.run
--! driver = chain
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    return { integer = 1 }
end

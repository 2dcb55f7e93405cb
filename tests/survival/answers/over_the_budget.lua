--! about = an answer one byte larger than its budget
--! hook = survive.run
--! budget = answer=256B
--! expect = fault:answer
--! message = larger than 256 bytes
function run(n, s)
    if n == 0 then return {} end
    return { text = ("x"):rep(400) }
end

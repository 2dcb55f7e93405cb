--! about = a result's name with a zero byte after it
--! hook = survive.run
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { ["integer\0"] = 1 }
end

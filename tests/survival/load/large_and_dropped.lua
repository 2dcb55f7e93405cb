--! about = a large string that is gone when the script has loaded: no call pays for it
--! hook = survive.run
--! budget = fuel=20K
--! expect = result {"integer":1}
do local s = string.rep("x", 2 ^ 20) end
function run(n, s)
    if n == 0 then return {} end
    return { integer = 1 }
end

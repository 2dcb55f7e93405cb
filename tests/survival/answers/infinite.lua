--! about = floats without end
--! hook = survive.run
--! expect = result {"number":"-inf","pair":{"left":0,"right":"inf"}}
function run(n, s)
    if n == 0 then return {} end
    return { number = -math.huge, pair = { left = 0, right = math.huge } }
end

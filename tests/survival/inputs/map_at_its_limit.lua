--! about = a map at its limit, one entry over it, and one key again and again
--! hook = survive.inputs
--! driver = argument map map 64, map map 101, map one_key 100
--! expect = result {"integer":64}
--! expect = fault:host
--! message = cannot be encoded
--! expect = fault:fuel
function inputs(...)
    local map, count = select(10, ...), 0
    if map then for key in pairs(map) do count = count + 1 end end
    return { integer = count }
end

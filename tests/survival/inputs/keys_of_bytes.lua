--! about = a map's key of every byte, and one of none
--! hook = survive.inputs
--! driver = argument map keys 256, map keys 0, map keys 65_536
--! expect = result {"integer":256}
--! expect = result {}
--! expect = result {"integer":65536}
function inputs(...)
    local map, length = select(10, ...), 0
    if map then for key in pairs(map) do length = #key end end
    return { integer = length }
end

--! about = bytes of every value
--! hook = survive.inputs
--! driver = argument data bytes 65_536, data zeros 65_536, data bytes 0, data bytes 1
--! expect = result {"integer":65536}
--! expect = result {"integer":65536}
--! expect = result {}
--! expect = result {"integer":1}
function inputs(flag, integer, small, number, text, data)
    if not data then return {} end
    for i = 1, #data, 1000 do assert(data:byte(i) == (i - 1) % 256 or data:byte(i) == 0) end
    return { integer = #data }
end

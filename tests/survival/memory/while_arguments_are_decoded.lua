--! about = arguments larger than what memory is left
--! expect = fault:memory
--! driver = argument data bytes 65_536
--! hook = survive.inputs
--! budget = fuel=1G memory=320KiB
function inputs(flag, integer, small, number, text, data)
    local kept = { data }
    if data then for i = 1, 10 do kept[i] = data .. i end end
    return { ok = true }
end

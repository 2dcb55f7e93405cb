--! about = every argument that may be absent is
--! hook = survive.inputs
--! expect = result {"integer":12}
function inputs(...)
    local absent = 0
    for i = 1, 12 do if select(i, ...) == nil then absent = absent + 1 end end
    assert(select("#", ...) == 13)
    local packet = select(13, ...)
    assert(packet.mark == 7 and packet.inner.mark == nil and packet.inner.label == nil)
    return { integer = absent }
end

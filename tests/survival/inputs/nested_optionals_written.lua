--! about = fields of records in records, absent, written and taken back
--! hook = survive.inputs
--! args = {"integer": 1}
--! expect = result {"integer":1,"packet":{"mark":8,"inner":{"label":"new","mark":9223372036854775807}}}
function inputs(flag, integer, ...)
    local packet = select(11, ...)
    if not integer then return {} end
    packet.mark = 8
    packet.inner.label = "old"
    packet.inner.label = nil
    packet.inner.label = "new"
    packet.inner.mark = math.maxinteger
    assert(not pcall(function() packet.inner = {} end) and not pcall(function() packet.inner.label = ("x"):rep(17) end))
    return { integer = 1, packet = packet }
end

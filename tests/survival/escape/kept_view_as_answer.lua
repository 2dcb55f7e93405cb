--! about = an argument of an earlier call as the answer of this one
--! state = kept
--! hook = survive.inputs
--! args = {"integer": 1}
--! expect = fault:answer
--! message = earlier call
local kept
function inputs(flag, integer, ...)
    local answer, packet = kept, select(11, ...)
    kept = { packet = packet }
    return integer and answer or {}
end

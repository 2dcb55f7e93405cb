--! about = floats that are none
--! hook = survive.inputs
--! driver = argument number nan 0, number infinity 0
--! expect = result {"text":"not a number"}
--! expect = result {"text":"inf"}
function inputs(flag, integer, small, number)
    if not number then return {} end
    return { text = number ~= number and "not a number" or tostring(number) }
end

--! about = a list at its limit and one element over it
--! hook = survive.inputs
--! driver = argument list list 1000, list list 1001, list list 0
--! expect = result {"integer":1000}
--! expect = fault:host
--! message = cannot be encoded
--! expect = result {}
function inputs(...)
    local list = select(9, ...)
    return { integer = list and #list or 0 }
end

--! about = a number beyond its argument's range
--! hook = survive.inputs
--! driver = argument small integer 5, small integer 6
--! expect = result {"integer":5}
--! expect = fault:host
--! message = cannot be encoded
function inputs(flag, integer, small) return { integer = small or 0 } end

--! about = arguments larger than the policy allows
--! hook = survive.inputs
--! budget = args=1KiB
--! driver = argument data bytes 100, data bytes 1024
--! expect = result {"integer":100}
--! expect = fault:host
--! message = cannot be encoded
function inputs(flag, integer, small, number, text, data) return { integer = data and #data or 0 } end

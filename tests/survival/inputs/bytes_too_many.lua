--! about = one byte more than there may be, and many more
--! hook = survive.inputs
--! driver = argument data bytes 65_537, data zeros 16_777_216
--! expect = fault:host
--! message = cannot be encoded
--! expect = fault:host
--! message = cannot be encoded
function inputs() return {} end

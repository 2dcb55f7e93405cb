--! about = an error that is an error that is an error
--! hook = survive.run
--! expect = fault:stack
function run(n, s)
    if n == 0 then return {} end
    local meta = {}
    meta.__tostring = function(e) error(e) end
    error(setmetatable({}, meta))
end

--! about = a __call that is the table itself
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    setmetatable(t, { __call = t })
    t()
end

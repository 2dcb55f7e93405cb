--! about = an error whose text is a table
--! hook = survive.run
--! expect = fault:script
function run(n, s)
    if n == 0 then return {} end
    error(setmetatable({}, { __tostring = function() return {} end }))
end

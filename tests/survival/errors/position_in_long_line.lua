--! about = an error at the end of a line of a megabyte
--! hook = survive.run
--! expect = fault:script
--! budget = fuel=1G
--! message = here
function run(n, s)
    if n == 0 then return {} end
    local chunk = assert(load((" "):rep(500000) .. "error('here')", "=" .. ("name"):rep(100)))
    chunk()
end

--! about = a list whose elements all hang on the last
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=1MiB
function run(n, s)
    if n == 0 then return {} end
    local list
    while true do list = { list, n } end
end

--! about = replacements that grow what they are made in
--! hook = survive.run
--! expect = fault:memory
--! budget = fuel=1G memory=512KiB
function run(n, s)
    if n == 0 then return {} end
    while true do s = s:gsub(".", "%0%0") end
end

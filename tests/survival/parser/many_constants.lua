--! about = more constants than an instruction can name
--! hook = survive.run
--! budget = fuel=1G memory=64MiB
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local parts = {}
    for i = 1, 20000 do parts[i] = i + 100000 end
    local chunk = assert(load("return {" .. table.concat(parts, ",") .. "}"))
    local t = chunk()
    return { ok = #t == 20000 and t[20000] == 120000 }
end

--! about = text of as many bytes as may be
--! hook = survive.run
--! expect = result {"name":"12345678"}
function run(n, s)
    if n == 0 then return {} end
    return { name = "12345678" }
end

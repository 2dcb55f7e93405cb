--! about = attachments that come, change and go during calls
--! hook = survive.run
--! driver = changes
--! expect = fault:fuel
--! budget = fuel=1M
function run(n, s)
    if n == 0 then return {} end
    while true do end
end

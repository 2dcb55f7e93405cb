--! about = addresses that scripts can see are the guest's, and the same every time
--! hook = test.run
--! expect = result {"ok":true}
--! fuel = 47738
function run()
    local t, f = {}, function() end
    local text = tostring(t) .. tostring(f) .. tostring(print) .. string.format("%p %p", t, "x") .. tostring(coroutine.create(f))
    for address in text:gmatch("0x(%x+)") do
        assert(#address <= 8 and tonumber(address, 16) < 1 << 24, address)
    end
    return { ok = true }
end

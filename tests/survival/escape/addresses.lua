--! about = addresses tell nothing of the host, and are the same each time
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local values = { {}, print, function() end, coroutine.create(print), io, s }
    for _, value in ipairs { {}, print, function() end, coroutine.create(print) } do
        for _, text in ipairs { tostring(value), string.format("%p", value) } do
            local digits = text:match("0x(%x+)") or text:match("(%x+)$")
            assert(digits and tonumber(digits, 16) < 1 << 28, text)
        end
    end
    return { ok = string.format("%p", 1) == "(null)" }
end

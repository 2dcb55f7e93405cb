--! about = a call with more arguments than registers
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local chunk, message = load("return f(" .. ("1,"):rep(300) .. "1)")
    return { ok = chunk == nil and message:find("registers", 1, true) ~= nil }
end

--! about = a chunk's name and text collected while the chunk is being read
--! hook = survive.run
--! expect = result {"ok":true}
--! budget = fuel=1G memory=16MiB
function run(n, s)
    if n == 0 then return {} end
    -- There: the parser did not hold on to the chunk's name; a collection during the parse freed it, and the parser
    -- went on to use it.
    for round = 1, 50 do
        local at = 0
        local chunk, message = load(function()
            at = at + 1
            for i = 1, 20 do local garbage = ("garbage" .. i):rep(50) end
            collectgarbage() collectgarbage("step")
            if at < 10 then return "local v" .. at .. " = [[" .. ("text"):rep(at) .. "]] " end
            return at == 10 and "error('from ' .. v1 .. v9)" or nil
        end, "=(" .. ("name"):rep(round) .. ")")
        local ok, why = pcall(assert(chunk, message))
        assert(not ok and why:find("namename", 1, true) or round == 1, why)
        assert(load(("x"):rep(round) .. " =", ("chunk " .. round):rep(30)) == nil)
    end
    return { ok = true }
end

--! about = recursion through the reader of a chunk
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local depth, deepest = 0, 0
    local function deeper()
        depth = depth + 1
        deepest = math.max(deepest, depth)
        load(deeper)
        depth = depth - 1
    end
    deeper()
    return { ok = deepest > 10 and deepest < 250 }
end

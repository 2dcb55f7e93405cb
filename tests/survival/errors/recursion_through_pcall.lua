--! about = recursion through pcall, each of which is a frame of the host
--! hook = survive.run
--! expect = result {"ok":true}
function run(n, s)
    if n == 0 then return {} end
    local deepest = 0
    local function deeper(depth)
        deepest = math.max(depth, deepest)
        return pcall(deeper, depth + 1)
    end
    deeper(1)
    return { ok = deepest > 50 and deepest < 250 }
end

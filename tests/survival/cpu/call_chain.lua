--! about = a __call whose function is called by a __call
--! hook = survive.run
--! expect = result {"integer":201}
function run(n, s)
    if n == 0 then return {} end
    local callee = function(...) return select("#", ...) end
    for _ = 1, 200 do callee = setmetatable({}, { __call = callee }) end
    return { integer = callee(n) }
end

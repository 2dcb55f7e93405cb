--! about = catchable memory errors that nobody catches end the call as a fault of memory
--! hook = survive.run
--! budget = fuel=500M memory=1MiB memory_errors=catchable
--! expect = fault:memory
function run(n, s)
    if n == 0 then return {} end
    local t = {}
    for i = 1, 1e9 do t[i] = { i } end
    return { integer = #t }
end

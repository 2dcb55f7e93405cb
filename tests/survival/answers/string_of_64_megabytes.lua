--! about = a string of sixty-four megabytes
--! hook = survive.run
--! budget = fuel=1G memory=256MiB
--! expect = fault:answer
function run(n, s)
    if n == 0 then return {} end
    return { text = ("x"):rep(1 << 10):rep(64 << 10) }
end

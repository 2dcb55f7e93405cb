--! about = half a million nested braces in the script itself
--! hook = survive.run
--! driver = source { } 400_000
--! expect = refused:stack
function run(n, s)
    if n == 0 then return {} end
    return {}
end

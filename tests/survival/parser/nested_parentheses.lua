--! about = a million nested parentheses in the script itself
--! hook = survive.run
--! driver = source ( ) 500_000
--! expect = refused:stack
function run(n, s)
    if n == 0 then return {} end
    return {}
end

--! about = an error of a million bytes is cut
--! hook = survive.run
--! budget = fuel=1G memory=16MiB
--! expect = fault:script
--! message = xxxxxxxx
function run(n, s)
    if n == 0 then return {} end
    error(("x"):rep(1000000))
end

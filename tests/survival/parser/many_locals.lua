--! about = more local variables than there may be
--! hook = survive.run
--! driver = source repeat _local_a=1 201
--! expect = refused:load
--! message = too many local variables
function run(n, s)
    if n == 0 then return {} end
    return {}
end

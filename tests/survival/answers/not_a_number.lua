--! about = a float that is not a number
--! hook = survive.run
--! expect = result {"number":"nan"}
function run(n, s)
    if n == 0 then return {} end
    return { number = -(0 / 0) }
end

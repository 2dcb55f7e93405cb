--! about = a thread with too little stack for a call
--! hook = survive.run
--! driver = small_stack
--! expect = denied:busy
function run(n, s)
    if n == 0 then return {} end
    return { integer = 1 }
end

--! about = a string of many megabytes is not copied to be refused
--! hook = test.answer
--! budget = memory=64MiB fuel=100M
--! expect = fault:answer
--! message = the answer is larger than 65536 bytes
--! fuel = 85235394
function answer()
    return { data = ("x"):rep(1 << 10):rep(16 << 10) }
end

--! about = the longest reply that there is room for
--! hook = test.run
--! grant = probe
--! args = {"n": 1000}
--! expect = result {"integer":1000}
--! fuel = 10958
--! args = {"n": 1019}
--! expect = result {"integer":1019}
--! fuel = 11091
--! args = {"n": 1020}
--! expect = fault:host
--! message = a reply of 1025 bytes has no room in the guest
--! fuel = 2714
function run(n)
    return { integer = #probe.long(n) }
end

--! about = arguments larger than the guest's first room for them
--! hook = test.run
--! args = {"n": 40000}
--! expect = result {"text":"cdef","integer":40000}
--! fuel = 343833
function run(n, s)
    local long = ("0123456789abcdef"):rep(n // 16)
    return { text = long:sub(-4), integer = #long }
end

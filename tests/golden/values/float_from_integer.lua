--! about = an integer is taken for a float, its nearest one
--! hook = test.run
--! args = {"n": 9007199254740993}
--! expect = result {"number":9007199254740992.0}
--! fuel = 2141
function run(n)
    return { number = n }
end

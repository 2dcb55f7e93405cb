--! about = of several values the first one counts
--! hook = test.answer
--! expect = result {"small":1}
--! fuel = 2709
function answer()
    return { small = 1 }, { small = 2 }, error
end

--! about = a handler that replaces itself: the next call begins from the image again
--! hook = survive.run
--! expect = result {"integer":1}
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    run = function() return { integer = 2 } end
    stranger = "left"
    return { integer = 1 }
end

--! about = print writes one log line at level info, its arguments as tostring gives them
--! hook = test.run
--! expect = result {}
--! log = info@9 1\t2.5\ttrue\tnil\ttext
--! log = info@10 proxy
--! log = info@11
--! fuel = 19777
function run()
    assert(select("#", print(1, 2.5, true, nil, "text")) == 0)
    print(setmetatable({}, { __tostring = function() return "proxy" end }))
    print()
    return {}
end

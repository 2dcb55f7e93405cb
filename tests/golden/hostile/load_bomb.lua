--! about = parentheses nested too deeply for the parser
--! hook = test.run
--! budget = fuel=100M
--! expect = result {"ok":true}
--! fuel = 896600
function run()
    local chunk, message = load("return " .. ("("):rep(5000) .. "1" .. (")"):rep(5000))
    return { ok = chunk == nil and message:find("overflow", 1, true) ~= nil }
end

--! about = characters counted, walked and found in long text
--! hook = survive.run
--! expect = fault:fuel
function run(n, s)
    if n == 0 then return {} end
    local text = ("\u{10ffff}"):rep(20000)
    while true do
        n = utf8.len(text) + utf8.offset(text, -1)
        for _, c in utf8.codes(text) do n = c end
    end
end

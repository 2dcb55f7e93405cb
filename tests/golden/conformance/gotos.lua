--! about = goto: forward, back, out of loops and closures of their own turn; break and continue
--! hook = test.run
--! budget = fuel=200M
--! expect = result {"ok":true}
--! fuel = 209873
function run()
    local list = {}
    for i = 1, 5 do
        if i % 2 == 0 then goto continue end
        list[#list + 1] = i
        ::continue::
    end
    assert(table.concat(list, ",") == "1,3,5")
    local closures = {}
    do
        local i = 1
        ::again::
        local own = i
        closures[i] = function() own = own + 1 return own end
        i = i + 1
        if i <= 3 then goto again end
    end
    assert(closures[1]() == 2 and closures[1]() == 3 and closures[2]() == 3 and closures[3]() == 4)
    for i = 1, 3 do
        for j = 1, 3 do
            if i * j == 4 then list = { i, j } goto out end
        end
    end
    ::out::
    assert(list[1] == 2 and list[2] == 2)
    -- A label at the end of a block sees past its locals; other labels do not.
    do goto e local x ::e:: end
    for _, text in ipairs {
        "goto nowhere", "do ::inside:: end goto inside", "goto f; local x; ::f:: print(x)", "::twice:: ::twice::",
        "::twice:: do ::twice:: end", "break", "repeat if x then goto c end local x ::c:: until x", "goto = 1",
    } do
        assert(load(text) == nil, text)
    end
    assert(load("while true do do break end end return 5")() == 5 and load("do ::a:: end ::a:: return 6")() == 6)
    -- Variables to be closed are closed on the way.
    local closed = 0
    for i = 1, 2 do
        local guard <close> = setmetatable({}, { __close = function() closed = closed + 1 end })
        if i == 1 then goto next end
        goto done
        ::next::
    end
    ::done::
    assert(closed == 2)
    return { ok = true }
end

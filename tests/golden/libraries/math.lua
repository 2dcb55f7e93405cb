--! about = the math library
--! hook = test.run
--! expect = result {"list":["sin 0.64421768723769102","cos 0.7648421872844885","tan 0.84228838046307941",
--!     "asin 0.77539749661075297","acos 0.79539883018414359","atan 0.61072596438920856","exp 2.0137527074704766",
--!     "log -0.35667494393873245","sqrt 0.83666002653407556","atan2 2.677945044588987 -3.1415926535897931",
--!     "pow 1.4142135623730951 0.001"]}
--! fuel = 312903
function run()
    assert(math.abs(-5) == 5 and math.abs(math.mininteger) == math.mininteger and math.ceil(1.2) == 2 and math.floor(-1.2) == -2)
    assert(math.type(math.floor(1e300)) == "float" and math.type(math.ceil(1.0)) == "integer" and math.sqrt(16) == 4.0)
    assert(math.fmod(7, 3) == 1 and math.fmod(-7, 3) == -1 and math.fmod(7.5, 2) == 1.5 and not pcall(math.fmod, 1, 0))
    assert(math.max(1, 2.5) == 2.5 and math.min(3, 1, 2) == 1 and not pcall(math.max) and math.huge == 1 / 0)
    local whole, part = math.modf(-3.7)
    assert(whole == -3.0 and math.abs(part + 0.7) < 1e-12 and math.modf(5) == 5.0 and select(2, math.modf(1 / 0)) == 0.0)
    assert(math.tointeger(3.0) == 3 and math.tointeger(3.5) == nil and math.tointeger("8") == 8 and math.tointeger({}) == nil)
    assert(math.type(1) == "integer" and math.type(1.0) == "float" and math.type("1") == nil and not pcall(math.type))
    assert(math.ult(1, -1) and not math.ult(-1, 1) and math.maxinteger + 1 == math.mininteger and math.pi > 3.14159)
    assert(math.deg(math.pi) == 180.0 and math.rad(180) == math.pi and math.exp(0) == 1.0 and math.log(8, 2) == 3.0)
    assert(math.log(100, 10) == 2.0 and math.log(1) == 0.0 and math.log(0) == -math.huge and math.log(-1) ~= math.log(-1))
    local list = {}
    for _, name in ipairs { "sin", "cos", "tan", "asin", "acos", "atan", "exp", "log", "sqrt" } do
        list[#list + 1] = name .. " " .. string.format("%.17g", math[name](0.7))
    end
    list[#list + 1] = string.format("atan2 %.17g %.17g", math.atan(1, -2), math.atan(-0.0, -1))
    list[#list + 1] = string.format("pow %.17g %.17g", 2 ^ 0.5, 10 ^ -3)
    return { list = list }
end

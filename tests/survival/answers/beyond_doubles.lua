--! about = integers that doubles do not have
--! hook = survive.run
--! expect = result {"integer":9007199254740993,"list":[9007199254740991,9007199254740992,9007199254740993]}
function run(n, s)
    if n == 0 then return {} end
    return { integer = (1 << 53) + 1, list = { (1 << 53) - 1, 1 << 53, (1 << 53) + 1 } }
end

--! about = an attachment that goes away in the middle of its own call
--! hook = survive.run
--! driver = detaches_itself
--! grant = program
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    program.act()
    return { integer = 1 }
end

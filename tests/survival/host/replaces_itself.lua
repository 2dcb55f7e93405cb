--! about = an attachment whose place another version takes in the middle of its own call
--! hook = survive.run
--! driver = replaces_itself
--! grant = program
--! expect = result {"integer":1}
--! expect = result {"integer":2}
function run(n, s)
    if n == 0 then return {} end
    program.act()
    return { integer = 1 }
end

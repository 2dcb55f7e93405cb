--! about = ten thousand attachments before the script
--! hook = survive.run
--! driver = attachments 10_000
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    return { integer = 1 }
end

--! about = ten thousand attachments, the script the last of them
--! hook = survive.run
--! driver = attachments 9_999
--! expect = result {"integer":1}
function run(n, s)
    if n == 0 then return {} end
    return { integer = 1 }
end

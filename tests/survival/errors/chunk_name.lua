--! about = a chunk's name that looks like another file, another line and an escape sequence
--! hook = survive.run
--! expect = fault:script
function run(n, s)
    if n == 0 then return {} end
    load("error('x')", "@/etc/passwd:1: \27]0;title\7\nfake")()
end

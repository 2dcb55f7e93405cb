--! about = a program whose log panics
--! hook = survive.run
--! driver = sink_panics
--! expect = fault:host
--! message = panicked
function run(n, s)
    if n == 0 then return {} end
    log.info("x")
    return {}
end

--! about = a capability that fails is no error to catch
--! hook = survive.run
--! grant = probe
--! expect = fault:host
--! message = the disk is full
function run(n, s)
    if n == 0 then return {} end
    pcall(probe.fail, "the disk is full")
    return { ok = true }
end

--! about = a capability that fails ends the call; no pcall catches that
--! hook = test.run
--! grant = probe
--! expect = fault:host
--! message = the disk is gone
--! fuel = 2923
function run()
    pcall(probe.fail, "the disk is gone")
    return {}
end

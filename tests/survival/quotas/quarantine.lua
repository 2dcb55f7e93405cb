--! about = a script that keeps failing is not called any more
--! hook = survive.run
--! driver = in_turn
--! budget = quarantine=on quarantine_faults=3 quarantine_window=1min quarantine_backoff=1min
--! expect = fault:script
--! expect = fault:script
--! expect = fault:script
--! expect = denied:quarantine
function run(n, s)
    error("again")
end

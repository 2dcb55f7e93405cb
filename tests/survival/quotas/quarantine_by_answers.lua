--! about = wrong answers lead into quarantine as errors do, good ones between them notwithstanding
--! hook = survive.run
--! driver = in_turn
--! budget = quarantine=on quarantine_faults=2 quarantine_window=1min quarantine_backoff=1min
--! args = {"n": 1}
--! expect = fault:answer
--! args = {"n": 0}
--! expect = result {}
--! args = {"n": 1}
--! expect = fault:answer
--! args = {"n": 0}
--! expect = denied:quarantine
function run(n, s)
    return { small = n * 100 }
end

--! about = enums arrive by name and may be answered by name, by integer, or by a float that is one
--! hook = test.scalars
--! args = {"verdict": "DROP"}
--! expect = result {"verdict":"CHANGE"}
--! fuel = 8591
--! args = {"verdict": 7}
--! expect = result {"verdict":"UNKNOWN"}
--! fuel = 8652
--! args = {"verdict": "UNKNOWN"}
--! expect = result {"verdict":"DROP"}
--! fuel = 8611
--! args = {"verdict": "PASS"}
--! expect = result {}
--! fuel = 8329
function scalars(_, _, _, _, _, _, _, _, _, _, _, _, _, _, verdict, _, PASS, DROP, CHANGE, UNKNOWN)
    assert(V_PASS == PASS and V_DROP == 1 and V_CHANGE == CHANGE and V_UNKNOWN == UNKNOWN and CHANGE == 7)
    return { verdict = ({ DROP = CHANGE, CHANGE = "UNKNOWN", UNKNOWN = 1.0, PASS = nil })[verdict] }
end

--! about = states arrive by name
--! hook = bgp.peer_status
--! args = {"old": "OpenConfirm","new": 6, "reason": "hold\ntimer"}
--! expect = result {}
--! log = notice@9 OpenConfirm -> Established: hold\ntimer
--! fuel = 5561
function peer_status(peer, old, new, reason)
    assert(old == "OpenConfirm" and new == "Established" and reason == "hold\ntimer")
    log.notice(old .. " -> " .. new .. ": " .. reason)
end

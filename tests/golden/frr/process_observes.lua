--! about = a hook point that only observes takes no answer for an answer
--! hook = bgp.process
--! args = {"withdrawn": true, "attributes": null}
--! expect = result {}
--! log = info@9 withdrawn 203.0.113.0/24 by 192.0.2.1
--! fuel = 10931
function process(prefix, peer, attributes, withdrawn)
    assert(attributes == nil and withdrawn == true and prefix.length > 0)
    log.info("withdrawn " .. tostring(prefix) .. " by " .. tostring(peer.remote_address))
end

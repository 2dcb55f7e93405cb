--! about = an answer that is its own unknown key
--! hook = bgp.route_match
--! expect = fault:answer
--! message = result.loop: unknown key; expected action or attributes
--! fuel = 2545
function route_match()
    local answer = { }
    answer.loop = answer
    return answer
end

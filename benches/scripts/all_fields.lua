-- Reads every field that there is, down to the last timer, once.
-- The answer is a bit of their sum, so that no read is for nothing.

local function address(a)
  if a == nil then return 0 end
  return (a.value or 0) + #a.string
end

local function texts(list)
  local sum = 0
  for i, text in ipairs(list) do sum = sum + i * #text end
  return sum
end

local function numbers(list)
  local sum = 0
  for i, number in ipairs(list) do sum = sum + i * number end
  return sum
end

local function timers(t)
  return t.hold + t.keepalive + t.connect + t.route_advertisement
end

local function stats(s)
  return s.open_in + s.open_out + s.update_in + s.update_out + s.update_time + s.keepalive_in + s.keepalive_out
    + s.notify_in + s.notify_out + s.refresh_in + s.refresh_out + s.dynamic_cap_in + s.dynamic_cap_out
    + s.times_established + s.times_dropped
end

function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE)
  local sum = #prefix.network + prefix.length + prefix.family

  sum = sum + attributes.metric + attributes.ifindex + #attributes.aspath + attributes.localpref
    + #attributes.origin + address(attributes.next_hop) + texts(attributes.communities)
    + texts(attributes.large_communities) + texts(attributes.extended_communities) + numbers(attributes.as_path)
    + numbers(attributes.prepend) + attributes.weight + attributes.tag
  local aggregator = attributes.aggregator
  if aggregator ~= nil then sum = sum + aggregator.asn + address(aggregator.address) end

  sum = sum + peer.remote_as + peer.local_as + address(peer.remote_id) + address(peer.local_id) + #peer.state
    + #peer.description + peer.uptime + peer.last_readtime + peer.last_resettime + address(peer.local_address)
    + address(peer.remote_address) + peer.capabilities + peer.flags + timers(peer.timers.configured)
    + timers(peer.timers.negotiated) + stats(peer.stats)

  return { action = sum % 2 == 1 and RM_MATCH or RM_FAILURE }
end

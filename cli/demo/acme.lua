-- acme's import policy. Runs in FRR as it is.

-- Networks in a path that are still believed; longer ones are leaks or games.
local LONGEST = 12

-- What peers ask for with a community of their own: their AS number and one of these.
local PREFERENCE = { ["100"] = 80, ["200"] = 120, ["300"] = 150 }

local INET = 2

-- Nothing that is too large to be one network's or too small for the Internet's table.
local function is_acceptable(prefix)
  local most = prefix.family == INET and 24 or 48
  return prefix.length >= 8 and prefix.length <= most
end

-- The preference that the peer asks for, if it does.
local function asked_for(attributes, peer)
  local own = (peer.remote_as & 0xffff) .. ":"
  for _, community in ipairs(attributes.communities) do
    if community:sub(1, #own) == own then
      local preference = PREFERENCE[community:sub(#own + 1)]
      if preference then return preference end
    end
  end
end

function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE)
  local hops = #attributes.as_path
  if not is_acceptable(prefix) or hops > LONGEST then
    return { action = RM_NOMATCH }
  end
  -- The peer's own networks need no help, unless it asks.
  local preference = asked_for(attributes, peer)
  if hops == 1 and not preference then
    return { action = RM_MATCH }
  end
  attributes.localpref = preference or 100
  attributes.metric = attributes.metric + 10 * hops
  return { action = RM_MATCH_AND_CHANGE, attributes = attributes }
end

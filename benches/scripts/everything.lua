-- Not timed: shows that scripts see the same arguments whatever runs them. Writes all of them as one text, whatever
-- fields there are, and answers with a hash of it.

local function text(value)
  if type(value) ~= "table" and type(value) ~= "userdata" then
    return (math.type(value) or type(value)) .. " " .. tostring(value)
  end
  local parts = {}
  for key, inner in pairs(value) do parts[#parts + 1] = tostring(key) .. " = " .. text(inner) end
  table.sort(parts)
  return "{ " .. table.concat(parts, ", ") .. " }"
end

local function hash(s)
  local h = 2166136261
  for i = 1, #s do h = (h ~ s:byte(i)) * 16777619 & 0xffffffff end
  return h
end

function route_match(prefix, attributes, peer, ...)
  local all = text({ prefix = prefix, attributes = attributes, peer = peer, constants = { ... } })
  return { action = 3, attributes = { metric = hash(all), localpref = #all } }
end

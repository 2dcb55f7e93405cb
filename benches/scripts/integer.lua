-- One integer in, one integer out: what a call costs by itself.
function integer(n)
  return { next = n + 1 }
end

--! about = a list argument answered as it came is no change
--! hook = test.change
--! expect = result {"done":true}
--! fuel = 6501
function change(count, word, numbers, packet)
    return { count = count, word = word, numbers = numbers, packet = packet, done = true }
end

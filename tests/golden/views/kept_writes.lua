--! about = what one call wrote into its argument is gone in the next one, though state is kept
--! hook = test.change
--! state = kept
--! expect = result {"packet":{"mark":8,"inner":{"deep":4}}}
--! fuel = 6690
--! expect = result {"packet":{"mark":8,"inner":{"deep":4}}}
--! fuel = 7192
--! args = {"count": 1}
--! expect = result {}
--! fuel = 3772
function change(count, word, numbers, packet)
    if count == 1 then
        return { packet = packet }
    end
    packet.mark = packet.mark + 1
    packet.inner.deep = packet.inner.deep + 1
    return { packet = packet }
end

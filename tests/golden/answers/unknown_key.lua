--! about = a key that is no result
--! hook = test.change
--! expect = fault:answer
--! message = result.paket: unknown key; expected done, count, word, numbers or packet
--! fuel = 2621
function change()
    return { paket = {} }
end

--! about = text that is not UTF-8 is refused where UTF-8 is declared
--! hook = test.scalars
--! expect = fault:answer
--! message = result.text: expected UTF-8 text, got other bytes
--! fuel = 4406
function scalars()
    return { data = "\xff", text = "\xff" }
end

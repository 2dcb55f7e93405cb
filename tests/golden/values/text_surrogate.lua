--! about = Lua's relaxed UTF-8 (surrogates, more than 10FFFF) is not UTF-8
--! hook = test.answer
--! expect = fault:answer
--! message = result.text: expected UTF-8 text, got other bytes
--! fuel = 1758
function answer()
    return { text = "\u{d800}" }
end

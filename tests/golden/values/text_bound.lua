--! about = text is bounded in bytes, not in characters
--! hook = test.answer
--! expect = fault:answer
--! message = result.text: expected string of at most 8 bytes, got 10 bytes
--! fuel = 1791
function answer()
    return { text = "\u{fc}\u{fc}\u{fc}\u{fc}\u{fc}" }
end

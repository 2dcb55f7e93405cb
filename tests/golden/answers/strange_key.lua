--! about = a key that scripts make up is shortened and escaped in the path
--! hook = test.answer
--! expect = fault:answer
--! message = result["a\nb\0\u{1b}[2Jxx
--! message = unknown key
--! fuel = 98311
function answer()
    return { ["a\nb\0\27[2J" .. ("x"):rep(1000)] = 1 }
end

--! about = strings of a mebibyte and more that the load keeps: more than an image may have
--! hook = survive.run
--! expect = refused:attach
local x = ("x"):rep(1 << 18)
T = { x:rep(4) .. 1 }
function run(n, s) return {} end

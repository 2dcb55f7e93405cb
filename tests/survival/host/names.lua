--! about = attachments, tenants and hook points of names that are none
--! hook = survive.run
--! driver = names
--! expect = refused:attach
--! message = attachment name
--! expect = refused:attach
--! message = attachment name
--! expect = refused:attach
--! message = attachment name
--! expect = refused:attach
--! message = attachment name
--! expect = refused:attach
--! message = attachment name
--! expect = refused:attach
--! expect = refused:attach
--! message = no hook point
function run(n, s)
    if n == 0 then return {} end
    return {}
end

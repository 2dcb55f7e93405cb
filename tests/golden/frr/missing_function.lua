--! about = a script without the handler is refused, whatever else it defines
--! hook = test.foo
--! expect = refused:load
--! message = expected a function 'foo', found none
function food(a, b)
    return {}
end

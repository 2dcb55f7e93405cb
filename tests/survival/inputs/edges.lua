--! about = every number at both of its ends
--! hook = survive.inputs
--! args = {"integer": -9223372036854775808, "small": -5, "number": "-inf", "list": [9223372036854775807, -9223372036854775808]}
--! expect = result {"integer":-9223372036854775808}
--! args = {"integer": 9223372036854775807, "small": 5, "number": "nan", "list": []}
--! expect = result {"integer":9223372036854775807}
function inputs(flag, integer, small, number, text, data, address, prefix, list)
    if not integer then return {} end
    assert(small == 5 or small == -5)
    assert(number == -math.huge or number ~= number)
    return { integer = integer }
end

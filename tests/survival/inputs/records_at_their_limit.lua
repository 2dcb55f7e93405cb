--! about = a list of records at its limit, each larger than the one before
--! hook = survive.inputs
--! driver = argument items records 100, items empty_records 100, items records 101
--! expect = result {"integer":4950}
--! expect = result {}
--! expect = fault:host
--! message = cannot be encoded
function inputs(...)
    local items, count = select(12, ...), 0
    if items then for _, item in ipairs(items) do count = count + (item.numbers and #item.numbers or 0) end end
    return { integer = count }
end

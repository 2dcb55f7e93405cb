---@meta _

-- What scripts find beside Lua's own libraries. For editors: nothing of this is run.

---An IPv4 or IPv6 address. Immutable; compared and ordered by content, IPv4 before IPv6.
---@class tenterhook.Address
---@field string string As text, such as "192.0.2.1" or "2001:db8::1".
---@field family integer 2: IPv4, 10: IPv6.
---@field value integer? An IPv4 address as FRR's scripts get it: its bytes in network order, read as little-endian.

---An IPv4 or IPv6 prefix. Immutable; compared and ordered by content.
---@class tenterhook.Prefix
---@field network string As text, such as "192.0.2.0/24".
---@field length integer Bits of it, 0 to 128.
---@field family integer 2: IPv4, 10: IPv6.
---@field address tenterhook.Address Its address.
local prefix = {}

---Whether all of the other one lies within this prefix.
---@param other tenterhook.Prefix|tenterhook.Address|string
---@return boolean
function prefix:contains(other) end

---Addresses and prefixes.
---@class netlib
net = {}

---An address out of its text; raises an error where it is none.
---@param text string|tenterhook.Address
---@return tenterhook.Address
function net.address(text) end

---A prefix out of its text; raises an error where it is none.
---@param text string|tenterhook.Prefix
---@return tenterhook.Prefix
function net.prefix(text) end

---Lines for the operator. A call may write so many as its budget says; what is over is dropped and counted.
---@class loglib
log = {}

---@param message string|number
function log.trace(message) end

---@param message string|number
function log.debug(message) end

---@param message string|number
function log.info(message) end

---@param message string|number
function log.notice(message) end

---@param message string|number
function log.warn(message) end

---@param message string|number
function log.error(message) end

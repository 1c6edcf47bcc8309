-- Run by the server for a command of `scripts.rs`: gives up a lease. KEYS[1]: the record. ARGV: owner.

local r = redis.call("HMGET", KEYS[1], "o", "s")
if r[1] == ARGV[1] and r[2] == "run" then
  redis.call("DEL", KEYS[1])
  return "freed"
end
-- Fails on a replica: see claim.lua.
redis.call("HDEL", KEYS[1], "-")
return "not_held"

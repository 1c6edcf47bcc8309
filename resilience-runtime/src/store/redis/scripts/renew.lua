-- Run by the server for a command of `scripts.rs`: prolongs a lease. KEYS[1]: the record. ARGV: owner, lease in ms. Needs no memory.

local function unchanged(answer)
  -- Fails on a replica: see claim.lua.
  redis.call("HDEL", KEYS[1], "-")
  return answer
end

local r = redis.call("HMGET", KEYS[1], "o", "s")
if not r[1] then return unchanged("gone") end
if r[1] ~= ARGV[1] then return unchanged("lost") end
if r[2] ~= "run" then return unchanged("done") end
redis.call("PEXPIRE", KEYS[1], ARGV[2])
return "extended"

-- Run by the server for a command of `scripts.rs`: stores a result. KEYS[1]: the record. ARGV: owner, ttl in ms, fingerprint,
-- and the value, if it can be kept.

local function unchanged(answer)
  -- Fails on a replica: see claim.lua.
  redis.call("HDEL", KEYS[1], "-")
  return answer
end

local r = redis.call("HMGET", KEYS[1], "o", "s")
if r[1] and r[1] ~= ARGV[1] then return unchanged({"lost", r[2]}) end
if r[2] == "done" then return unchanged("repeated") end
if ARGV[4] then
  redis.call("HSET", KEYS[1], "o", ARGV[1], "s", "done", "f", ARGV[3], "v", ARGV[4])
else
  redis.call("HSET", KEYS[1], "o", ARGV[1], "s", "done", "f", ARGV[3])
end
redis.call("PEXPIRE", KEYS[1], ARGV[2])
if r[1] then return "stored" end
return "kept"

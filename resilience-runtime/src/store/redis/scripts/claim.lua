-- Run by the server for a command of `scripts.rs`: claims a record. KEYS[1]: the record. ARGV: owner, lease in ms, fingerprint.
-- Fields: o owner, s state (run, done), f fingerprint, t token, v value.
-- The answer to a claim that is granted is the token alone. What most operations are answered is one word: an array costs the
-- server as much as a command does.

-- A replica carries out scripts that only read: whatever writes nothing deletes a field that no record has, which fails
-- where writing does.
local function unchanged(answer)
  redis.call("HDEL", KEYS[1], "-")
  return answer
end

-- Asked before what the record holds: most claims are of a key that is new, and know it by this.
local rest = redis.call("PTTL", KEYS[1])
if rest == -2 then
  local now = redis.call("TIME")
  -- Exact until the year 2255.
  local token = now[1] * 1000000 + now[2]
  -- The first command that writes: after another one, Redis would no longer refuse it when memory is full.
  redis.call("HSET", KEYS[1], "o", ARGV[1], "s", "run", "f", ARGV[3], "t", token)
  redis.call("PEXPIRE", KEYS[1], ARGV[2])
  return token
end
local r = redis.call("HMGET", KEYS[1], "o", "s", "f", "t", "v")
if r[3] ~= ARGV[3] then return unchanged("mismatch") end
if r[2] == "done" then return unchanged({"done", r[5]}) end
-- The answer to an earlier claim was lost.
if r[1] == ARGV[1] then
  redis.call("PEXPIRE", KEYS[1], ARGV[2])
  return tonumber(r[4])
end
-- A user without the right to PEXPIRE, or somebody's PERSIST, would otherwise have blocked the key for ever.
if rest < 0 then
  redis.call("PEXPIRE", KEYS[1], ARGV[2])
  return {"running", tonumber(ARGV[2])}
end
return unchanged({"running", rest})

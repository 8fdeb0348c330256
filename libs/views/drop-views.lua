--[[
  drop-views: forget the whole list view at once. It comes back from the log.

  KEYS[1]  rows     hash: orchestration -> JSON of its stored row
  KEYS[2]  indexes  set of the names of all indexes in use
  ARGV[1]  prefix of the keys of indexes, which share the hash tag of KEYS

  Returns the number of rows that were there.
]]
local rows = redis.call('HLEN', KEYS[1])
for _, name in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('UNLINK', ARGV[1] .. name) end
redis.call('UNLINK', KEYS[1], KEYS[2])
return rows

--[[
  store-row: replace the row of one orchestration, and its places in the indexes, unless a row of this version or a
  newer one is there already.

  KEYS[1]  rows     hash: orchestration -> JSON of its stored row
  KEYS[2]  indexes  set of the names of all indexes in use
  ARGV[1]  prefix of the keys of indexes, which share the hash tag of KEYS; their names are in the rows
  ARGV[2]  orchestration
  ARGV[3]  row, JSON

  Returns 1 when the row was stored, 0 when the one that was there stays.
]]
local prefix, id, stored = ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local before = redis.call('HGET', KEYS[1], id)
if before then
  local old = cjson.decode(before)
  if old.row.version >= stored.row.version then return 0 end
  for _, name in ipairs(old.indexes) do redis.call('ZREM', prefix .. name, id) end
end
redis.call('HSET', KEYS[1], id, ARGV[3])
for _, name in ipairs(stored.indexes) do
  redis.call('ZADD', prefix .. name, stored.createdMs, id)
  redis.call('SADD', KEYS[2], name)
end
return 1

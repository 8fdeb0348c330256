--[[
  install-stream: put a whole stream in its place, with everything the index says of it, or change nothing.

  KEYS[1]  staged    redis stream with all events, entries as in `stream`; expires
  KEYS[2]  stream    where it goes
  KEYS[3]  heads     hash: stream name -> "<version> <hash> <time>" of the last event
  KEYS[4]  all       sorted set: stream names by creation time
  KEYS[5]  live      sorted set: the same, of streams that have not ended
  KEYS[6]  due       sorted set: stream names by their next due time
  KEYS[7]  feed      redis stream of "this stream moved to that version"
  KEYS[8]  archived  hash: stream name -> where its file is
  KEYS[9…] blobs     strings that the events name, written before with an expiry
  ARGV[1]  stream name
  ARGV[2]  version of the last event
  ARGV[3]  hash of the last event
  ARGV[4]  time of the last event, ISO 8601
  ARGV[5]  creation time in milliseconds
  ARGV[6]  '1' live, '0' it has ended
  ARGV[7]  next due time in milliseconds, '' = none

  Returns 'installed', or, with nothing changed, 'there' (the stream has events), 'other' (the id had another end),
  'staging_gone'.
]]
local staged, stream, heads, all, live, due, feed, archived = unpack(KEYS, 1, 8)
local name, version, hash = ARGV[1], ARGV[2], ARGV[3]

if redis.call('EXISTS', stream) == 1 then return 'there' end
local head = redis.call('HGET', heads, name)
if head and head:match('^(%d+ %x+) ') ~= version .. ' ' .. hash then return 'other' end
if redis.call('XLEN', staged) ~= tonumber(version) then return 'staging_gone' end
if #KEYS > 8 and redis.call('EXISTS', unpack(KEYS, 9)) < #KEYS - 8 then return 'staging_gone' end

redis.call('RENAME', staged, stream)
redis.call('PERSIST', stream)
for i = 9, #KEYS do redis.call('PERSIST', KEYS[i]) end
redis.call('HSET', heads, name, version .. ' ' .. hash .. ' ' .. ARGV[4])
redis.call('ZADD', all, 'NX', ARGV[5], name)
if ARGV[6] == '1' then redis.call('ZADD', live, ARGV[5], name) end
if ARGV[7] ~= '' then redis.call('ZADD', due, ARGV[7], name) end
redis.call('HDEL', archived, name)
redis.call('XADD', feed, '*', 's', name, 'v', version)
return 'installed'

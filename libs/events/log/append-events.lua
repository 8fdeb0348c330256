--[[
  append-events: store events in one stream, with its place in the index and a hint in the feed, or store nothing.

  KEYS[1]  stream  redis stream; entry id is "<version>-0", fields h (hash) and b (body)
  KEYS[2]  heads   hash: stream name -> "<version> <hash> <time>" of the last event
  KEYS[3]  all     sorted set: stream names by creation time
  KEYS[4]  live    sorted set: the same, of streams that have not ended
  KEYS[5]  due     sorted set: stream names by their next due time
  KEYS[6]  feed    redis stream of "this stream moved to that version"; redis gives the entry id
  KEYS[7…] blobs   strings that the events name, written before with an expiry
  ARGV[1]  stream name
  ARGV[2]  expected version, 0 = the stream must not exist
  ARGV[3]  expected hash, '' = the stream must not exist
  ARGV[4]  time of the events, ISO 8601 UTC with milliseconds, so that text order is time order
  ARGV[5]  the same in milliseconds: the creation time of a new stream
  ARGV[6]  '1' the stream is live after this append, '0' it has ended
  ARGV[7]  next due time in milliseconds, '' = none
  ARGV[8…] hash and body of each event, in turn

  Returns {'stored', version}, or, with nothing stored,
          {'conflict', version found}, {'went_back', version found}, {'earlier', time of the last event}, {'blob_gone'}.
  Streams are never trimmed, so XLEN is the version; a stream and its head that disagree have lost writes.
  No reply but 'stored' follows a write: a script is not rolled back.
]]
local stream, heads, all, live, due, feed = unpack(KEYS, 1, 6)
local name, expected, expected_hash, time = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]

local version, hash, last_time = 0, '', ''
local head = redis.call('HGET', heads, name)
if head then
  local v
  v, hash, last_time = head:match('^(%d+) (%x+) (.*)$')
  version = tonumber(v)
end

local length = redis.call('XLEN', stream)
if length ~= version then return {'went_back', length} end
if version > expected then
  local id = expected .. '-0'
  local at = expected > 0 and redis.call('XRANGE', stream, id, id)[1]
  if at and at[2][2] ~= expected_hash then return {'went_back', version} end
  return {'conflict', version}
end
if version < expected or hash ~= expected_hash then return {'went_back', version} end
if time < last_time then return {'earlier', last_time} end
if #KEYS > 6 and redis.call('EXISTS', unpack(KEYS, 7)) < #KEYS - 6 then return {'blob_gone'} end

for i = 7, #KEYS do redis.call('PERSIST', KEYS[i]) end
for i = 8, #ARGV, 2 do
  version = version + 1
  hash = ARGV[i]
  redis.call('XADD', stream, version .. '-0', 'h', hash, 'b', ARGV[i + 1])
end
redis.call('HSET', heads, name, version .. ' ' .. hash .. ' ' .. time)
if expected == 0 then redis.call('ZADD', all, ARGV[5], name) end
if ARGV[6] == '0' then
  redis.call('ZREM', live, name)
elseif not redis.call('ZSCORE', live, name) then
  redis.call('ZADD', live, redis.call('ZSCORE', all, name), name)
end
if ARGV[7] == '' then redis.call('ZREM', due, name) else redis.call('ZADD', due, ARGV[7], name) end
redis.call('XADD', feed, '*', 's', name, 'v', version)
return {'stored', version}

--[[
  drop-stream: forget the events of one stream that has ended and lies in a verified file, or change nothing.

  KEYS[1]  stream    redis stream of the events
  KEYS[2]  heads     hash: stream name -> "<version> <hash> <time>" of the last event; stays
  KEYS[3]  live      sorted set of streams that have not ended
  KEYS[4]  archived  hash: stream name -> JSON of where its file is
  KEYS[5…] blobs     strings that the events name
  ARGV[1]  stream name
  ARGV[2]  version of the last event in the file
  ARGV[3]  hash of that event
  ARGV[4]  what the archive index says from now on, JSON

  Returns 'dropped', or, with nothing changed, 'already' (another was first), 'live', or 'changed' (the file is not the
  whole stream any more).
  The stream stays in `heads` and `all`: its id is taken, and its end is known, wherever its events are.
]]
local stream, heads, live, archived = unpack(KEYS, 1, 4)
local name, version, hash = ARGV[1], ARGV[2], ARGV[3]

local length = redis.call('XLEN', stream)
if length == 0 and redis.call('HEXISTS', archived, name) == 1 then return 'already' end
if redis.call('ZSCORE', live, name) then return 'live' end
local head = redis.call('HGET', heads, name)
if not head or length ~= tonumber(version) then return 'changed' end
if head:match('^(%d+ %x+) ') ~= version .. ' ' .. hash then return 'changed' end

redis.call('HSET', archived, name, ARGV[4])
redis.call('UNLINK', stream)
for i = 5, #KEYS do redis.call('UNLINK', KEYS[i]) end
return 'dropped'

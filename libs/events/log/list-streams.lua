--[[
  list-streams: one page of stream names, oldest first; streams of one millisecond by name.

  KEYS[1]  index  sorted set to list: all or live
  KEYS[2]  all    sorted set of all streams by creation time: a stream that has ended still is a cursor there
  ARGV[1]  last name of the page before, '' = first page
  ARGV[2]  most names to return

  Returns the names, or false when the name in ARGV[1] is not a stream.
]]
local after, limit = ARGV[1], tonumber(ARGV[2])
if after == '' then return redis.call('ZRANGE', KEYS[1], 0, limit - 1) end
local score = redis.call('ZSCORE', KEYS[2], after)
if not score then return false end

local names = {}
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], score, score)) do
  if name > after and #names < limit then names[#names + 1] = name end
end
if #names == limit then return names end
local later = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. score, '+inf', 'LIMIT', 0, limit - #names)
for _, name in ipairs(later) do names[#names + 1] = name end
return names

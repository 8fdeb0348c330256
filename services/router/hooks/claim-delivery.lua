--[[
  claim-delivery: one process delivers a notice until a time, if nobody else took it since it was seen.
  KEYS[1]  due    sorted set: notices by the time of their next try, milliseconds
  KEYS[2]  tries  hash: notice -> tries so far
  ARGV[1]  notice
  ARGV[2]  time of its next try as it was seen
  ARGV[3]  until when it is ours, milliseconds: then others may try
  Returns the number of this try, 1-based, or 0 when somebody else has it.
]]
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], 'XX', ARGV[3], ARGV[1])
return redis.call('HINCRBY', KEYS[2], ARGV[1], 1)

--[[
  expect-delivery: a notice is to be delivered, unless it was before.
  KEYS[1]  due   sorted set: notices by the time of their next try, milliseconds
  KEYS[2]  told  sorted set: notices that were delivered or given up, by that time, milliseconds
  ARGV[1]  notice
  ARGV[2]  now, milliseconds
  Returns 1 when it is new.
]]
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 0 end
return redis.call('ZADD', KEYS[1], 'NX', ARGV[2], ARGV[1])

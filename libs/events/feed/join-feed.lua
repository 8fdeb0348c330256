--[[
  join-feed: make sure that a group reads the feed from now on, and say whether it must go through the index first.

  KEYS[1]  feed    redis stream
  KEYS[2]  groups  hash: group -> 'ready' once it has been through the index
  ARGV[1]  group

  Returns 1 when the group is ready, 0 when it must go through the index.
  A group that is new, or whose feed was lost, is not ready: entries from before it are not its own to wait for.
]]
local feed, groups, group = KEYS[1], KEYS[2], ARGV[1]
local known = false
if redis.call('EXISTS', feed) == 1 then
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', feed)) do
    if info[2] == group then known = true end
  end
end
if not known then
  redis.call('XGROUP', 'CREATE', feed, group, '$', 'MKSTREAM')
  redis.call('HDEL', groups, group)
end
return redis.call('HGET', groups, group) == 'ready' and 1 or 0

--[[
  trim-feed: drop entries that every group has acknowledged, and consumers that are long gone.

  KEYS[1]  feed    redis stream
  ARGV[1]  margin  newest entries that stay in any case: tails read the feed without a group
  ARGV[2]  idle    milliseconds after which a consumer without pending entries is forgotten
  ARGV[3…] groups  the closed list

  Returns the number of entries dropped.
  A group that does not exist holds nothing back: it will start from the index.
]]
local feed, margin, idle = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
if redis.call('EXISTS', feed) == 0 then return 0 end

local closed = {}
for i = 3, #ARGV do closed[ARGV[i]] = true end

-- Two ids are "<milliseconds>-<sequence>": as text they do not compare.
local function lower(a, b)
  local a_ms, a_seq = a:match('(%d+)-(%d+)')
  local b_ms, b_seq = b:match('(%d+)-(%d+)')
  if a_ms == b_ms then return tonumber(a_seq) < tonumber(b_seq) and a or b end
  return tonumber(a_ms) < tonumber(b_ms) and a or b
end

-- XINFO gives name and value in turn.
local function fields(info)
  local named = {}
  for i = 1, #info, 2 do named[info[i]] = info[i + 1] end
  return named
end

local kept = redis.call('XREVRANGE', feed, '+', '-', 'COUNT', margin)
local floor = #kept > 0 and kept[#kept][1] or '0-0'
if #kept < margin then floor = '0-0' end

for _, info in ipairs(redis.call('XINFO', 'GROUPS', feed)) do
  local group = fields(info)
  if closed[group.name] then
    local pending = redis.call('XPENDING', feed, group.name)
    floor = lower(floor, pending[1] > 0 and pending[2] or group['last-delivered-id'])
    for _, found in ipairs(redis.call('XINFO', 'CONSUMERS', feed, group.name)) do
      local consumer = fields(found)
      if consumer.pending == 0 and consumer.idle > idle then
        redis.call('XGROUP', 'DELCONSUMER', feed, group.name, consumer.name)
      end
    end
  end
end
return redis.call('XTRIM', feed, 'MINID', '=', floor)

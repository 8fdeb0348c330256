--[[
  change-entry: what a run has spent is counted in the accounts that it spends from, and it is granted more, or not.
  KEYS[1]  entries  hash: run -> JSON of what is counted for it
  KEYS[2]  spent    hash: account -> what all runs together have spent: millionths of a dollar, or tokens
  KEYS[3]  held     hash: account -> what is granted, and not spent yet
  KEYS[4]  holders  set of runs that are granted something
  KEYS[5]  waiting  sorted set: runs that were granted nothing, by the time since when, milliseconds
  ARGV[1]  run
  ARGV[2]  version of the run that says so; what an older one says about what was spent is known already
  ARGV[3]  what it has spent, JSON: account -> amount
  ARGV[4]  what it has spent in all, JSON: {usd: millionths, tokens}
  ARGV[5]  what is wanted: 'settle' (count, leave the grant as it is), 'release' (give it back), 'reserve' (have another)
  ARGV[6]  what is to be granted at most, JSON: {usd: millionths, tokens}
  ARGV[7]  limits that apply, JSON: a list of {account, amount, unit}
  ARGV[8]  time, milliseconds since 1970
  Returns {'settled'}, {'released'}, {'stale'} (somebody knows more of this run than the caller: nothing was granted),
  {'reserved', millionths, tokens}, or, where nothing is left, {'exceeded', account, spent}, or, where others hold so much
  that what is wanted is not left, {'busy', account, spent}.
  Less than is wanted is granted to one run at a time, so that a limit is passed by what one call costs more at most.
  Everything is set, never added, so that a call that is repeated, or comes late, is counted once. Whole numbers below
  2^53 are exact in Lua; that is nine billion dollars.
]]
local run, version, totals = ARGV[1], tonumber(ARGV[2]), cjson.decode(ARGV[4])
local stored = redis.call('HGET', KEYS[1], run)
local entry = stored and cjson.decode(stored) or {version = 0, spent = {}, totals = {usd = 0, tokens = 0}, upTo = {usd = 0, tokens = 0}, accounts = {}}

local function add(key, account, amount)
  if amount == 0 then return end
  if redis.call('HINCRBY', key, account, string.format('%.0f', amount)) == 0 then redis.call('HDEL', key, account) end
end
local function held(unit) return math.max(0, entry.upTo[unit] - entry.totals[unit]) end
local function hold(sign)
  for _, account in ipairs(entry.accounts) do add(KEYS[3], account[1], sign * held(account[2])) end
end
local function amount(key, account) return tonumber(redis.call('HGET', key, account) or '0') end

hold(-1)
local stale = version < entry.version
if not stale then
  local spent = cjson.decode(ARGV[3])
  for account, count in pairs(spent) do add(KEYS[2], account, count - (entry.spent[account] or 0)) end
  for account, count in pairs(entry.spent) do
    if not spent[account] then add(KEYS[2], account, -count) end
  end
  entry.version, entry.spent, entry.totals = version, spent, totals
end

local function reserve()
  local wanted, most, busy = cjson.decode(ARGV[6]), cjson.decode(ARGV[6]), nil
  for _, limit in ipairs(cjson.decode(ARGV[7])) do
    local unit, spent = limit[3], amount(KEYS[2], limit[1])
    if spent >= limit[2] then return {'exceeded', limit[1], string.format('%.0f', spent)} end
    local others = amount(KEYS[3], limit[1])
    local left = limit[2] - spent - others
    if left < wanted[unit] and others > 0 and not busy then busy = {'busy', limit[1], string.format('%.0f', spent)} end
    most[unit] = math.min(most[unit], left)
  end
  if busy then return busy end
  entry.upTo, entry.accounts = {usd = totals.usd + most.usd, tokens = totals.tokens + most.tokens}, {}
  for _, limit in ipairs(cjson.decode(ARGV[7])) do table.insert(entry.accounts, {limit[1], limit[3]}) end
  return {'reserved', string.format('%.0f', most.usd), string.format('%.0f', most.tokens)}
end

local reply
if ARGV[5] == 'settle' then
  reply = {'settled'}
elseif stale then
  reply = {'stale'}
else
  entry.upTo, entry.accounts = {usd = 0, tokens = 0}, {}
  reply = ARGV[5] == 'reserve' and reserve() or {'released'}
  if reply[1] == 'exceeded' or reply[1] == 'busy' then
    redis.call('ZADD', KEYS[5], 'NX', ARGV[8], run)
    entry.lacks = {what = reply[1], account = reply[2]}
  else
    redis.call('ZREM', KEYS[5], run)
    entry.lacks = nil
  end
end
hold(1)

local granted = #entry.accounts > 0
if granted then redis.call('SADD', KEYS[4], run) else redis.call('SREM', KEYS[4], run) end
if granted or entry.totals.usd > 0 or entry.totals.tokens > 0 or entry.lacks then
  redis.call('HSET', KEYS[1], run, cjson.encode(entry))
else
  redis.call('HDEL', KEYS[1], run)
end
return reply

import { isDeepStrictEqual } from 'node:util';

/** What changes when a login is renewed: its tokens, how long they hold and what they are good for. */
const RENEWED = /token$|^(?:access|refresh)$|expir|^last_refresh$|^scopes?$|tier$|^subscription/i;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A token, a time, a list of scopes; and no address, which would send what comes next somewhere else. */
const isToken = (value: unknown): boolean => !isRecord(value) && !JSON.stringify(value ?? null).includes('://');

const isRenewed = (before: unknown, now: unknown, key: string): boolean => {
  if (isDeepStrictEqual(before, now)) return true;
  if (RENEWED.test(key) && isToken(before) && isToken(now)) return true;
  if (!isRecord(before) || !isRecord(now)) return false;
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].every((name) =>
    isRenewed(before[name], now[name], name),
  );
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null; // half of it is written
  }
};

/**
 * Whether one login is the other one renewed, and nothing else: files of logins also say where an agent finds its model,
 * or which settings it fetches, and those would count when the person starts it.
 */
export const isRenewal = (before: string, now: string): boolean => {
  const login = parsed(now);
  return isRecord(login) && isRenewed(parsed(before), login, '');
};

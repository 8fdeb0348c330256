import { expect, test } from 'vitest';
import { isRenewal } from './renewed-login.ts';

const claude = { claudeAiOauth: { accessToken: 'a', refreshToken: 'b', expiresAt: 1, scopes: ['x'] } };
const qwen = { access_token: 'a', refresh_token: 'b', expiry_date: 1, token_type: 'Bearer', resource_url: 'qwen.ai' };
const opencode = { anthropic: { type: 'oauth', access: 'a', refresh: 'b', expires: 1 } };
const codex = { OPENAI_API_KEY: null, tokens: { id_token: 'i', access_token: 'a' }, last_refresh: '2026-02-02' };

test.each([
  ['claude', claude, { claudeAiOauth: { ...claude.claudeAiOauth, accessToken: 'c', expiresAt: 2 } }],
  ['qwen', qwen, { ...qwen, access_token: 'c', refresh_token: 'd', id_token: 'e', expiry_date: 2 }],
  ['opencode', opencode, { anthropic: { type: 'oauth', access: 'c', refresh: 'd', expires: 2 } }],
  ['codex', codex, { ...codex, tokens: { id_token: 'j', access_token: 'c' }, last_refresh: '2026-02-03' }],
])('a login of %s is renewed by other tokens that hold until later', (_, before, now) => {
  expect(isRenewal(JSON.stringify(before), JSON.stringify(now))).toBe(true);
});

test.each([
  ['that goes to another address', qwen, { ...qwen, access_token: 'c', resource_url: 'evil.example' }],
  ['with an address for a token', qwen, { ...qwen, access_token: 'https://evil.example' }],
  ['that fetches its settings', opencode, { ...opencode, 'https://evil.example': { type: 'wellknown', token: 't' } }],
  ['of another kind', opencode, { anthropic: { type: 'api', key: 'k' } }],
  ['with a server more', claude, { ...claude, mcpOAuth: { evil: { serverUrl: 'https://evil.example' } } }],
  ['that is none', claude, {}],
  ['that is a list', claude, [claude]],
])('a login %s is not the one before', (_, before, now) => {
  expect(isRenewal(JSON.stringify(before), JSON.stringify(now))).toBe(false);
});

test('half a login is none', () => expect(isRenewal('{"token":1}', '{"token":')).toBe(false));

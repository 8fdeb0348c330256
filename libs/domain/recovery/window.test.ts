import { describe, expect, test } from 'vitest';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { fc } from '../../../test/support/fast-check.ts';
import { windowEnd } from './window.ts';

const NOW = '2026-02-02T15:00:00.000Z';
const at = (text: string): string | null => windowEnd(text, NOW);

describe('the end of a window is read from what providers say', () => {
  test.each([
    ['a header in seconds', 'HTTP/1.1 429 Too Many Requests\nretry-after: 120\n', '2026-02-02T15:02:00.000Z'],
    ['a header in milliseconds', 'retry-after-ms: 1500', '2026-02-02T15:00:01.500Z'],
    ['a header with a date', 'Retry-After: Mon, 02 Feb 2026 15:10:00 GMT', '2026-02-02T15:10:00.000Z'],
    ['a field of a document', '{"error":{"code":429,"retry_after":30.5}}', '2026-02-02T15:00:30.500Z'],
    [
      'minutes and seconds in one',
      'Rate limit reached for gpt-4o in organization org-1 on tokens per min (TPM): Limit 30000, Used 29900, Requested 1200. Please try again in 6m0s.',
      '2026-02-02T15:06:00.000Z',
    ],
    ['a fraction', 'Please try again in 1.2s. Visit https://platform.openai.com/', '2026-02-02T15:00:01.200Z'],
    ['milliseconds', 'Please try again in 158ms.', '2026-02-02T15:00:00.158Z'],
    ['a delay', '"retryDelay": "34s"', '2026-02-02T15:00:34.000Z'],
    ['a retry', 'Please retry in 34.074824224s.', '2026-02-02T15:00:34.074Z'],
    [
      'words',
      "You've hit your usage limit. Upgrade to Pro or try again in 4 days 2 hours 10 minutes.",
      '2026-02-06T17:10:00.000Z',
    ],
    ['words of a header', 'Retry after 2 minutes', '2026-02-02T15:02:00.000Z'],
    ['words with and', 'rate limited, try again in 1 hour and 5 minutes', '2026-02-02T16:05:00.000Z'],
    [
      'a header with an instant',
      'anthropic-ratelimit-requests-reset: 2026-02-02T15:00:17Z',
      '2026-02-02T15:00:17.000Z',
    ],
    ['seconds since 1970 behind a bar', 'Claude AI usage limit reached|1770048000', '2026-02-02T16:00:00.000Z'],
    ['seconds since 1970 in a header', 'x-ratelimit-reset: 1770045000', '2026-02-02T15:10:00.000Z'],
    ['a clock', "You've hit your session limit · resets 6pm (UTC)", '2026-02-02T18:00:00.000Z'],
    ['a clock of a zone', '5-hour limit reached ∙ resets 5:30pm (Europe/Berlin)', '2026-02-02T16:30:00.000Z'],
    ['a clock of tomorrow', 'resets at 3pm (UTC)', '2026-02-03T15:00:00.000Z'],
  ])('%s: %s', (_what, text, until) => expect(at(text)).toBe(until));
});

test.each([
  ['no time', 'HTTP 429 Too Many Requests'],
  ['a time that has passed', 'anthropic-ratelimit-requests-reset: 2026-02-02T14:59:59Z'],
  ['a time beyond any window', 'retry-after: 999999999'],
  ['an instant without a date', 'retry-after: now'],
  ['a clock of no zone', 'resets 6pm (Nowhere/City)'],
  ['other numbers', 'expected 429 items, waited for 3 of them'],
  ['an address', 'retry-after 127.0.0.1:4873'],
])('%s is none: %s', (_what, text) => expect(at(text)).toBeNull());

test('whatever the text, a window is ahead, and found quickly', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const until = at(`try again in ${text}`);
      return until === null || until > NOW;
    }),
  );
  for (const part of ['1', '1 ', '1m', 'retry ', 'resets ', 'again in 1m', 'retry-after: ', 'reset: 1'])
    expect(cpuMsOf(() => at(part.repeat(32_000 / part.length)))).toBeLessThan(1_000);
});

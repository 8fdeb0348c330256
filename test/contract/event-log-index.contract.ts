import { describe, expect, test } from 'vitest';
import { EMPTY_HEAD } from '#events';
import { appendOf, trace } from '#events/testing';
import type { LogUnderTest } from './event-log.contract.ts';

const at = (second: number) => trace(new Date(Date.UTC(2026, 1, 2, 14, 30, second)).toISOString());

/** The index that every log keeps beside its streams. Needs a log that holds nothing else. */
export const describeEventLogIndex = (name: string, open: () => LogUnderTest): void => {
  describe(`${name}: the index`, () => {
    test('lists all streams and those that live, oldest first, in pages', async () => {
      const { log, stream } = open();
      const ids = ['c', 'a', 'e', 'b', 'd'].map((letter) => stream(`list-${letter}`));
      const [c, a, e, b, d] = ids;
      for (const [second, id] of ids.entries()) await log.append({ ...appendOf(id), trace: at(second) });
      expect(await log.streams('all')).toEqual([c, a, e, b, d]);
      expect(await log.streams('all', { limit: 2 })).toEqual([c, a]);
      expect(await log.streams('all', { after: a ?? '', limit: 2 })).toEqual([e, b]);

      for (const id of [a ?? '', b ?? '']) {
        const end = { ...appendOf(id), expected: await log.head(id), index: { live: false, dueMs: null } };
        await log.append(end);
      }
      expect(await log.streams('live')).toEqual([c, e, d]);
      expect(await log.streams('live', { after: a ?? '' })).toEqual([e, d]);
      expect(await log.streams('live', { after: d ?? '' })).toEqual([]);
      expect([await log.count('all'), await log.count('live')]).toEqual([5, 3]);
      await expect(log.streams('all', { after: stream('unknown') })).rejects.toMatchObject({ code: 'input.not_found' });
    });

    test('streams of one moment are all listed, each once', async () => {
      const { log, stream } = open();
      const ids = Array.from({ length: 7 }, (_, i) => stream(`same-${i}`));
      for (const id of ids) await log.append(appendOf(id));
      const found: string[] = [];
      for (let page = await log.streams('live', { limit: 3 }); page.length > 0; ) {
        found.push(...page);
        page = await log.streams('live', { limit: 3, after: page.at(-1) ?? '' });
      }
      expect(found).toEqual(ids);
    });

    test('a stream that goes on after its end lives again, at its old place', async () => {
      const { log, stream } = open();
      const [first, second] = [stream('first'), stream('second')];
      const ended = { live: false, dueMs: null };
      const recorded = await log.append({ ...appendOf(first), trace: at(1), index: ended });
      await log.append({ ...appendOf(second), trace: at(2) });
      expect(await log.streams('live')).toEqual([second]);
      await log.append({ ...appendOf(first), expected: recorded.at(-1) ?? EMPTY_HEAD, trace: at(3) });
      expect(await log.streams('live')).toEqual([first, second]);
    });

    test('a stream is due from its due time on, until an append says otherwise', async () => {
      const { log, stream } = open();
      const [late, early, never] = [stream('late'), stream('early'), stream('never')];
      const lateHead = (await log.append({ ...appendOf(late), index: { live: true, dueMs: 2_000 } })).at(-1);
      await log.append({ ...appendOf(early), index: { live: true, dueMs: 1_000 } });
      await log.append(appendOf(never));
      expect(await log.due(999)).toEqual([]);
      expect(await log.due(1_000)).toEqual([early]);
      expect(await log.due(5_000)).toEqual([early, late]);
      expect(await log.due(5_000, 1)).toEqual([early]);
      await log.append({ ...appendOf(late), expected: lateHead ?? EMPTY_HEAD });
      expect(await log.due(5_000)).toEqual([early]);
    });

    test('an append that fails leaves the index alone', async () => {
      const { log, stream } = open();
      const id = stream('untouched');
      await log.append({ ...appendOf(id), index: { live: true, dueMs: 1_000 } });
      await expect(log.append({ ...appendOf(id), index: { live: false, dueMs: null } })).rejects.toThrow();
      expect(await log.streams('live')).toEqual([id]);
      expect(await log.due(1_000)).toEqual([id]);
    });
  });

  describe(`${name}: beside the streams`, () => {
    test('a policy is stored once under its hash', async () => {
      const { log } = open();
      await log.putPolicy('hash-1', '{"threshold":0.6}');
      await log.putPolicy('hash-1', '{"threshold":0.9}');
      expect(await log.policy('hash-1')).toBe('{"threshold":0.6}');
      expect(await log.policy('hash-2')).toBeNull();
    });

    test('of rejections the newest thousand are kept, newest first', async () => {
      const { log } = open();
      const rejection = (n: number) => ({ time: at(1).time, source: `job ${n}`, digest: 'd', problems: ['no goal'] });
      await Promise.all(Array.from({ length: 1_005 }, (_, i) => log.reject(rejection(i))));
      expect(await log.rejections()).toHaveLength(1_000);
      expect(await log.rejections(2)).toEqual([rejection(1_004), rejection(1_003)]);
    });
  });
};

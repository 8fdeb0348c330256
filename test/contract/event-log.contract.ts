import { describe, expect, test } from 'vitest';
import { blobsOf, chainHash, EMPTY_HEAD, type EventLog, type Head, verifyChain } from '#events';
import { appendOf, large, noted, trace } from '#events/testing';
import { submitted } from '../support/facts.ts';

export interface LogUnderTest {
  readonly log: EventLog;
  /** A name that no other test uses. */
  readonly stream: (name: string) => string;
  /** Loses the newest event of a stream, as a server does that comes back from an old copy. */
  readonly loseNewest?: (stream: string) => Promise<void>;
}

const at = (second: number) => trace(new Date(Date.UTC(2026, 1, 2, 14, 30, second)).toISOString());
const headOf = (recorded: readonly Head[]): Head => {
  const { version, hash } = recorded.at(-1) ?? EMPTY_HEAD;
  return { version, hash };
};
const versions = (found: readonly { readonly version: number }[]) => found.map(({ version }) => version);

/** What every log promises. Each implementation runs this whole suite. */
export const describeEventLog = (name: string, open: () => LogUnderTest): void => {
  const { log, stream, loseNewest } = open();

  describe(`${name}: appending and reading`, () => {
    test('events come back in order, as they were recorded', async () => {
      const id = stream('order');
      const first = await log.append(appendOf(id, 'one', 'two'));
      const second = await log.append({ ...appendOf(id, 'three'), expected: headOf(first) });
      expect(versions(first)).toEqual([1, 2]);
      expect(await log.read(id)).toEqual([...first, ...second]);
      expect(first[0]).toMatchObject({ stream: id, type: 'agent.progressed', v: 1, ...trace() });
      expect(new Set([...first, ...second].map((event) => event.id)).size).toBe(3);
    });

    test('a stream that does not exist has no events and an empty head', async () => {
      expect(await log.read(stream('nothing'))).toEqual([]);
      expect(await log.readStored(stream('nothing'))).toEqual([]);
      expect(await log.head(stream('nothing'))).toEqual(EMPTY_HEAD);
    });

    test('a long stream is read in pages', async () => {
      const id = stream('pages');
      await log.append(appendOf(id, ...Array.from({ length: 25 }, (_, i) => `note ${i + 1}`)));
      expect(versions(await log.read(id, { limit: 10 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      expect(versions(await log.read(id, { after: 20, limit: 10 }))).toEqual([21, 22, 23, 24, 25]);
      expect(await log.read(id, { after: 25 })).toEqual([]);
    });

    test('the hash of each event covers the one before and its own bytes', async () => {
      const id = stream('chain');
      const recorded = await log.append(appendOf(id, 'one', 'two', 'three'));
      const stored = await log.readStored(id);
      let previous = '';
      for (const { hash, body } of stored) {
        expect(hash).toBe(chainHash(previous, body));
        previous = hash;
      }
      expect(recorded.map(({ hash }) => hash)).toEqual(stored.map(({ hash }) => hash));
      expect(verifyChain(stored, await log.head(id))).toEqual({ ok: true, ...headOf(recorded) });
    });

    test('time never goes back within a stream', async () => {
      const id = stream('time');
      const first = await log.append({ ...appendOf(id, 'one'), trace: at(30) });
      const second = await log.append({ ...appendOf(id, 'two'), expected: headOf(first), trace: at(10) });
      const third = await log.append({ ...appendOf(id, 'three'), expected: headOf(second), trace: at(40) });
      const read = await log.read(id);
      expect(read).toEqual([...first, ...second, ...third]);
      expect(read.map(({ time }) => time)).toEqual([at(30).time, at(30).time, at(40).time]);
    });

    test('a time that is none is refused, and an event that does not fit its schema', async () => {
      const id = stream('refused');
      const untimed = { ...appendOf(id), trace: trace('yesterday') };
      await expect(log.append(untimed)).rejects.toMatchObject({ code: 'input.invalid' });
      const tooLong = { ...appendOf(id), events: [noted('fine'), noted('x'.repeat(2_001))] as const };
      await expect(log.append(tooLong)).rejects.toMatchObject({ code: 'log.malformed_event' });
      expect(await log.head(id)).toEqual(EMPTY_HEAD);
    });
  });

  describe(`${name}: writers that race`, () => {
    test('an append on an older version is a conflict and stores nothing', async () => {
      const id = stream('conflict');
      const [one] = await log.append(appendOf(id, 'one', 'two'));
      const late = { ...appendOf(id, 'late'), expected: one ?? EMPTY_HEAD };
      await expect(log.append(late)).rejects.toMatchObject({ code: 'log.append_conflict', actual: 2 });
      await expect(log.append(appendOf(id, 'again'))).rejects.toMatchObject({ code: 'log.append_conflict', actual: 2 });
      expect(versions(await log.read(id))).toEqual([1, 2]);
    });

    test('of fifty writers on one version one wins, and the others are told', async () => {
      const id = stream('race');
      const writers = Array.from({ length: 50 }, (_, i) => log.append(appendOf(id, `writer ${i}`, 'second event')));
      const results = await Promise.allSettled(writers);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected')
          expect(result.reason).toMatchObject({ code: 'log.append_conflict', actual: 2 });
      }
      expect(await log.readStored(id)).toHaveLength(2);
    });

    test('an append beyond the end, or on another history, finds that the log went back', async () => {
      const id = stream('other');
      const recorded = await log.append(appendOf(id, 'one', 'two'));
      const { hash } = headOf(recorded);
      const beyond = { ...appendOf(id), expected: { version: 3, hash } };
      await expect(log.append(beyond)).rejects.toMatchObject({ code: 'log.went_back' });
      const other = { ...appendOf(id), expected: { version: 2, hash: chainHash('', 'another') } };
      await expect(log.append(other)).rejects.toMatchObject({ code: 'log.went_back' });
      const otherBefore = { ...appendOf(id), expected: { version: 1, hash: chainHash('', 'another') } };
      await expect(log.append(otherBefore)).rejects.toMatchObject({ code: 'log.went_back' });
      expect(versions(await log.read(id))).toEqual([1, 2]);
    });

    if (loseNewest) {
      test('nothing is appended to a stream that lost its newest event', async () => {
        const id = stream('lost');
        const recorded = await log.append(appendOf(id, 'one', 'two'));
        await loseNewest(id);
        for (const expected of recorded) {
          await expect(log.append({ ...appendOf(id), expected })).rejects.toMatchObject({ code: 'log.went_back' });
        }
        expect(await log.readStored(id)).toHaveLength(1);
      });
    }
  });

  describe(`${name}: large events`, () => {
    test('a large field is kept apart and put back on reading', async () => {
      const id = stream('blob');
      const recorded = await log.append({ ...appendOf(id), events: [large(20_000)] });
      const [stored] = await log.readStored(id);
      expect(stored?.body.length).toBeLessThan(1_000);
      expect(await log.read(id)).toEqual(recorded);
      const [hash = ''] = blobsOf(stored?.body ?? '');
      expect(await log.blob(id, hash)).toBe(JSON.stringify('x'.repeat(20_000)));
      expect(await log.blob(id, chainHash('', 'no such blob'))).toBeNull();
    });

    test('the same large field in two events is kept once and found in both', async () => {
      const id = stream('blobs');
      const first = await log.append({ ...appendOf(id), events: [large(20_000), large(30_000)] });
      const second = await log.append({ ...appendOf(id), expected: headOf(first), events: [large(20_000)] });
      expect(await log.read(id)).toEqual([...first, ...second]);
    });

    test('data that looks like a reference to a blob comes back as it was', async () => {
      const id = stream('lookalike');
      const context = { $blob: 'not a hash' };
      const event = { type: 'handoff.recorded', v: 1, data: { from: 'planner', to: 'builder', context } } as const;
      const recorded = await log.append({ ...appendOf(id), events: [event] });
      expect(await log.read(id)).toEqual(recorded);
      expect((await log.read(id))[0]?.data).toEqual(event.data);
    });

    test('an event of many middle-sized fields that exceeds 64 KiB is refused', async () => {
      const id = stream('large');
      const gate = 'x'.repeat(14 * 1024);
      const event = submitted({ workspace: gate, planSource: gate, engine: gate, goal: gate, checks: [gate] });
      const request = { ...appendOf(id), events: [noted('fine'), event] as const };
      await expect(log.append(request)).rejects.toMatchObject({ code: 'log.event_too_large' });
      expect(await log.head(id)).toEqual(EMPTY_HEAD);
    });
  });
};

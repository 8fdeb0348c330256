import { expect, test, vi } from 'vitest';
import type { Recorded } from '#events';
import { simulate } from '../../../test/support/simulation.ts';
import { afterEachCommand, always, TIMEOUT_MS } from '../../../test/support/stories.ts';
import { currentInvocation } from '../run.ts';
import { openAssignment } from './find-work.ts';

vi.setConfig({ testTimeout: TIMEOUT_MS });

/** Who holds each piece of work that is out, by the facts so far; `undefined`: it is not out. */
type Held = Map<string, number | null>;

const tellWork = (out: Held, closed: Set<string>, event: Recorded): void => {
  switch (event.type) {
    case 'work.handed_out':
      expect([...out.keys(), ...[...closed].filter((id) => id === event.data.work)]).toEqual([]);
      out.set(event.data.work, null);
      return;
    case 'work.taken':
      expect(out.get(event.data.work)).toBeNull();
      out.set(event.data.work, event.version);
      return;
    case 'work.returned':
      expect(out.get(event.data.work)).toBe(event.data.lease);
      out.set(event.data.work, null);
      return;
    case 'work.closed': {
      const { work, lease } = event.data;
      expect(out.has(work) && [null, out.get(work)].includes(lease)).toBe(true);
      out.delete(work);
      closed.add(work);
      return;
    }
    default:
  }
};

test('work is handed out once, held by one at a time, closed once, and nothing is told of it afterwards', () =>
  always((told) => {
    const [out, closed] = [new Map<string, number | null>(), new Set<string>()];
    for (const event of simulate(told).log) tellWork(out, closed, event);
  }));

test('while work is out no worker has the turn, and after the end none is out', () =>
  afterEachCommand(({ after }) => {
    if (after.lifecycle === 'absent' || !openAssignment(after)) return;
    expect(after.lifecycle).toBe('live');
    expect(currentInvocation(after)?.lease ?? null).toBeNull();
  }));

test('what was taken for longer than its lease, or waits beyond its deadline, is decided by time alone', () =>
  afterEachCommand(({ after, command, time }) => {
    if (command.type !== 'time_out' || after.lifecycle !== 'live') return;
    const open = openAssignment(after);
    expect(open?.deadline == null || open.deadline > time).toBe(true);
    expect(open?.holder == null || open.holder.until > time).toBe(true);
  }));

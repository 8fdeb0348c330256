import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Command } from '#domain';
import { AppendConflict, createMemoryEventLog, type EventLog, LogWentBack } from '#events';
import { planOf, submission, workerOf } from '../../test/support/facts.ts';
import { createClock, createProcesses } from './orchestrations.testing.ts';

const ID = 'orch_20260202_143052_a1b2c3d4e5f6';
const by = { actor: 'person:alice' };
const submit: Command = {
  type: 'submit',
  submission: submission({ plan: planOf(1), planSource: 'plan.json' }),
};
const start = (worker: string): Command => ({ type: 'start', dispatch: 3, worker: workerOf(worker) });
const pause: Command = { type: 'pause', reason: null };

/** A log that lets something happen just before the next append. */
const interrupted = (log: EventLog) => {
  let before: (() => Promise<unknown>) | null = null;
  let appends = 0;
  return {
    log: {
      ...log,
      append: async (request: Parameters<EventLog['append']>[0]) => {
        const happens = before;
        before = null;
        await happens?.();
        appends += 1;
        return await log.append(request);
      },
    },
    appends: () => appends,
    beforeNextAppend: (happens: () => Promise<unknown>): void => {
      before = happens;
    },
  };
};

test('what a submit stores is what everybody loads', async () => {
  const { process } = createProcesses();
  const { state, events } = await process().execute(ID, submit, by);
  expect(events.map(({ type }) => type)).toEqual(['goal.submitted', 'route.decided', 'agent.dispatched']);
  expect(await process().load(ID)).toEqual(state);
});

test('a command that is given again stores nothing and gives the state', async () => {
  const { process } = createProcesses();
  const [here, there] = [process(), process()];
  const first = await here.execute(ID, submit, by);
  expect(await here.execute(ID, submit, by)).toEqual({ state: first.state, events: [] });
  expect(await there.execute(ID, submit, by)).toEqual({ state: first.state, events: [] });
});

test('who lost a race decides again on what the winner stored', async () => {
  const shared = createProcesses();
  const { log, beforeNextAppend } = interrupted(shared.log);
  const [loser, winner] = [shared.process({ log }), shared.process()];
  await loser.execute(ID, submit, by);
  beforeNextAppend(() => winner.execute(ID, start('w1'), by));
  const { state, events } = await loser.execute(ID, start('w2'), by);
  expect(events.map(({ version, type }) => [version, type])).toEqual([[5, 'agent.started']]);
  expect(state).toEqual(await winner.load(ID));
});

test('who lost a race against the same command stores nothing', async () => {
  const shared = createProcesses();
  const { log, beforeNextAppend } = interrupted(shared.log);
  const [loser, winner] = [shared.process({ log }), shared.process()];
  await loser.execute(ID, submit, by);
  beforeNextAppend(() => winner.execute(ID, pause, by));
  expect((await loser.execute(ID, pause, by)).events).toEqual([]);
});

test('after ten lost races the conflict is told', async () => {
  const shared = createProcesses();
  const conflict = new AppendConflict(ID, 3, 4);
  let appends = 0;
  const append = async () => {
    appends += 1;
    throw conflict;
  };
  await shared.process().execute(ID, submit, by);
  await expect(shared.process({ log: { ...shared.log, append } }).execute(ID, pause, by)).rejects.toBe(conflict);
  expect(appends).toBe(10);
});

test('what a stale cache calls already so is decided on the stored state', async () => {
  const { process } = createProcesses();
  const [stale, other] = [process(), process()];
  await stale.execute(ID, submit, by);
  await stale.execute(ID, pause, by);
  await other.execute(ID, { type: 'continue' }, by);
  const { events } = await stale.execute(ID, pause, by);
  expect(events.map(({ type }) => type)).toEqual(['orchestration.paused']);
});

test('what a stale cache forbids is decided on the stored state', async () => {
  const { process } = createProcesses();
  const [stale, other] = [process(), process()];
  await stale.execute(ID, { ...submit, submission: submission() }, by);
  await other.execute(ID, start('w1'), by);
  const failure = { category: 'blocker', error: 'no engine', fingerprint: 'f', unblock: 'configure one' } as const;
  await other.execute(ID, { type: 'report', lease: 4, seq: 1, items: [{ fact: 'agent.failed', failure }] }, by);
  const { events } = await stale.execute(ID, { type: 'retry', hint: null }, by);
  expect(events.map(({ type }) => type)).toEqual(['interaction.closed', 'agent.dispatched']);
});

test('what the stored state forbids is refused, and nothing is stored', async () => {
  const { process, log } = createProcesses();
  await process().execute(ID, submit, by);
  await expect(process().execute(ID, { type: 'retry', hint: null }, by)).rejects.toMatchObject({
    code: 'rule.interaction.unknown',
  });
  expect((await log.head(ID)).version).toBe(3);
});

test('a command decided on what is cached costs no read', async () => {
  const shared = createProcesses();
  let reads = 0;
  const read: EventLog['read'] = async (...range) => {
    reads += 1;
    return await shared.log.read(...range);
  };
  const orchestrations = shared.process({ log: { ...shared.log, read } });
  await orchestrations.execute(ID, submit, by);
  await orchestrations.execute(ID, start('w1'), by);
  await orchestrations.execute(ID, pause, by);
  expect(reads).toBe(0);
});

test('who is told of an append before its process has the reply reads nothing', async () => {
  const { log, process } = createProcesses();
  let reads = 0;
  let told: Promise<unknown> = Promise.resolve();
  const eager: EventLog = {
    ...log,
    read: (...range) => {
      reads += 1;
      return log.read(...range);
    },
    append: async (request) => {
      const recorded = await log.append(request);
      told = here.load(ID, recorded.length);
      await setImmediate();
      return recorded;
    },
  };
  const here = process({ log: eager });
  const { state } = await here.execute(ID, submit, by);
  expect(await told).toBe(state);
  expect(reads).toBe(0);
});

test('a log that went back is told and forgotten: the next command is decided on what is there', async () => {
  const restored = createMemoryEventLog();
  const lost = createMemoryEventLog();
  let log = lost;
  const forwarding: EventLog = {
    ...lost,
    append: (request) => log.append(request),
    read: (...range) => log.read(...range),
  };
  const { process } = createProcesses(forwarding);
  const orchestrations = process();
  await orchestrations.execute(ID, submit, by);
  await orchestrations.execute(ID, start('w1'), by);
  log = restored;
  await expect(orchestrations.execute(ID, pause, by)).rejects.toBeInstanceOf(LogWentBack);
  expect(await orchestrations.load(ID)).toMatchObject({ lifecycle: 'absent' });
  const { events } = await orchestrations.execute(ID, submit, by);
  expect(events.map(({ version }) => version)).toEqual([1, 2, 3]);
});

test('a clock that was set back does not take a run back', async () => {
  const clock = createClock();
  const { process } = createProcesses(createMemoryEventLog(), clock);
  const orchestrations = process();
  const { state } = await orchestrations.execute(ID, submit, by);
  clock.forward(-60_000);
  const { events } = await orchestrations.execute(ID, pause, by);
  expect(events.map(({ time }) => time)).toEqual([state.lifecycle === 'absent' ? '' : state.updatedAt]);
});

test('a run of which nothing is stored is not found', async () => {
  await expect(createProcesses().process().get(ID)).rejects.toMatchObject({ code: 'input.not_found' });
});

test('an event tells who caused it and by which command', async () => {
  const { process } = createProcesses();
  const { events } = await process().execute(ID, submit, { ...by, commandId: 'command-1', correlationId: 'request-1' });
  for (const event of events)
    expect(event).toMatchObject({ actor: by.actor, causationId: 'command-1', correlationId: 'request-1' });
});

test('a process is told at once of what it stored itself, and of nothing else', async () => {
  const { process } = createProcesses(createMemoryEventLog());
  const [ours, theirs] = [process(), process()];
  const told: string[] = [];
  const stop = ours.onStored((id, state) => told.push(`${id} at ${state.head.version}`));
  const { state } = await ours.execute('orch_1', { type: 'submit', submission: submission() }, { actor: 'person:a' });
  await theirs.execute('orch_1', { type: 'pause', reason: null }, { actor: 'person:b' });
  stop();
  await ours.execute('orch_1', { type: 'continue' }, { actor: 'person:a' });
  expect(told).toEqual([`orch_1 at ${state.head.version}`]);
});

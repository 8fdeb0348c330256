import { type Command, currentInvocation, openAssignment, type ReportItem, type State } from '#domain';
import { blobsOf, createMemoryEventLog, type EventOf, exportLines } from '#events';
import { createOrchestrations, createPolicies } from '#orchestrations';
import { policy, report, routing, submission } from '../support/facts.ts';
import { createRandom } from '../support/random.ts';

/**
 * One orchestration, made by the code that makes them all, on a clock, draws and ids that are the same every time.
 * Each command comes a second after the one before.
 */
export const createRecorder = (number: number) => {
  const hex = number.toString(16).padStart(12, '0');
  const stream = `orch_20260202_143052_${hex}`;
  let events = 0;
  const newId = () => `019c1f3e-7b54-7cc1-8a70-${String(++events).padStart(12, '0')}`;
  const log = createMemoryEventLog({ newId });
  const { hash: _hash, ...limits } = policy;
  const policies = createPolicies({ log, routing, limits });
  let nowMs = Date.UTC(2026, 1, 2, 14, 30, 52);
  const random = createRandom(number);
  const orchestrations = createOrchestrations({ log, policies, now: () => new Date(nowMs), draw: random.next });
  let commands = 0;
  let seq = 0;
  let lease = 0;

  const current = (state: State) => (state.lifecycle === 'live' ? currentInvocation(state) : undefined);

  const give = async (command: Command, actor = 'person:alice'): Promise<void> => {
    commands += 1;
    nowMs += 1_000;
    const stored = await orchestrations.execute(stream, command, { actor, commandId: `command-${commands}` });
    if (stored.events.length === 0) throw new Error(`${command.type} of command ${commands} changed nothing`);
  };

  return {
    policies,
    stream,
    give,
    submit: (change: Partial<EventOf<'goal.submitted'>['data']> = {}) =>
      give({ type: 'submit', submission: submission({ policy: policies.current, ...change }) }),
    /** Time in which nothing is told. */
    pass: (ms: number): void => {
      nowMs += ms;
    },
    /** The process with this number begins. */
    start: async (pid: number, host = 'host-1'): Promise<void> => {
      const invocation = current(await orchestrations.load(stream));
      const worker = { id: `${host}:${pid}`, host, pid };
      seq = 0;
      await give({ type: 'start', dispatch: invocation?.dispatch ?? 0, worker }, `agent:${invocation?.role}`);
      lease = current(await orchestrations.load(stream))?.lease?.number ?? 0;
    },
    /** Of the process that began last. */
    lease: (): number => lease,
    report: async (...items: readonly ReportItem[]): Promise<void> => {
      const invocation = current(await orchestrations.load(stream));
      seq += 1;
      await give(report(invocation?.lease?.number ?? 0, seq, ...items), `agent:${invocation?.role}`);
    },
    /** The lease of whoever holds what was handed out. */
    holder: async (): Promise<number> => {
      const state = await orchestrations.load(stream);
      return (state.lifecycle === 'live' && openAssignment(state)?.holder?.lease) || 0;
    },
    /** The runs of its tasks, the newest of each. */
    children: async (): Promise<readonly { readonly task: string; readonly child: string | null }[]> => {
      const state = await orchestrations.load(stream);
      return state.lifecycle === 'absent' ? [] : state.children.map(({ task, id }) => ({ task: task.id, child: id }));
    },
    /** The export of all that was recorded, line by line. */
    export: async (): Promise<readonly string[]> => {
      const entries = await log.readStored(stream);
      const blobs = new Map<string, string>();
      for (const hash of entries.flatMap(({ body }) => blobsOf(body)))
        blobs.set(hash, (await log.blob(stream, hash)) ?? '');
      return [
        ...exportLines({
          space: 'runs',
          stream,
          entries,
          blobs,
          policies: new Map(),
          claims: new Map(),
          head: await log.head(stream),
        }),
      ];
    },
  };
};
export type Recorder = ReturnType<typeof createRecorder>;

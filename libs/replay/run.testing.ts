import { Plan } from '#contracts';
import { absent, type Command, currentInvocation, decide, evolve, type ReportItem, type State } from '#domain';
import type { Recorded } from '#events';
import { commit, routing, submission } from '../../test/support/facts.ts';

const plan = Plan.parse({
  id: 'bp_1',
  task_id: 'task_1',
  goal: 'Add a health endpoint',
  steps: [
    {
      id: 'step_1',
      name: 'Write the handler',
      action: 'write it',
      success_criteria: [{ criterion: 'it answers', verification: { type: 'command', command: 'npm test' } }],
    },
  ],
});

const check = (passed: boolean) =>
  ({ criterion: 'it answers', type: 'command', passed, durationMs: 12, exitCode: passed ? 0 : 1, output: '' }) as const;

/** Runs commands through the domain and records what it decides: a log as the store would keep it, a second per append. */
export const createRun = (id: string, startMs = Date.parse('2026-02-02T14:30:52.000Z')) => {
  const events: Recorded[] = [];
  let state: State = absent;
  let appends = 0;
  let seq = 0;

  const execute = (command: Command): void => {
    const now = new Date(startMs + appends * 1_000).toISOString();
    appends += 1;
    const context = { stream: id, now, draw: 0.25 + appends / 100, actor: 'agent:test', routing };
    for (const event of decide(state, command, context)) {
      const version = state.head.version + 1;
      const envelope = {
        id: `${id}-${version}`,
        stream: id,
        version,
        hash: `${version}`,
        time: now,
        actor: 'agent:test',
      };
      const recorded: Recorded = { ...event, ...envelope, correlationId: id, causationId: null };
      events.push(recorded);
      state = evolve(state, recorded);
    }
  };
  const current = () => (state.lifecycle === 'live' ? currentInvocation(state) : undefined);

  return {
    events,
    execute,
    begin: () => {
      seq = 0;
      const dispatch = current()?.dispatch ?? 0;
      execute({ type: 'start', dispatch, worker: { id: `worker-${dispatch}`, host: 'here', pid: 7 } });
    },
    report: (...items: readonly ReportItem[]) => {
      seq += 1;
      execute({ type: 'report', lease: current()?.lease?.number ?? 0, seq, items });
    },
  };
};

/** A goal that is planned and built; with `failures`, its step fails so often before it succeeds. */
export const finishedRun = (
  id: string,
  { goal = 'Add a health endpoint', failures = 1, startMs = 1_770_000_000_000 } = {},
) => {
  const run = createRun(id, startMs);
  run.execute({ type: 'submit', submission: submission({ goal, confirm: false }) });
  run.begin();
  run.report(
    { fact: 'agent.progressed', data: { message: `planning ${id}` } },
    { fact: 'plan.created', data: { plan, source: 'recipe health-endpoint', confidence: 85, cautions: [] } },
  );
  run.report({ fact: 'agent.completed', data: { output: { plan_id: plan.id } } });
  run.begin();
  run.report(
    {
      fact: 'workspace.prepared',
      data: {
        root: '/srv/shop',
        base: commit('a'),
        branch: `studio/${id}`,
        dirty: false,
        private: false,
        sandbox: 'none',
      },
    },
    {
      fact: 'gates.discovered',
      data: { gates: [{ gate: 'test', command: null, source: 'none found', base: 'not_available' }] },
    },
  );
  for (let attempt = 1; attempt <= failures; attempt += 1)
    run.report(
      { fact: 'step.started', data: { step: 'step_1', try: attempt } },
      {
        fact: 'step.tried',
        data: { step: 'step_1', try: attempt, checks: [check(false)], durationMs: 40 },
        failure: { category: 'transient', error: 'connect ECONNREFUSED', fingerprint: 'f1', unblock: null },
      },
    );
  run.report(
    { fact: 'step.started', data: { step: 'step_1', try: failures + 1 } },
    {
      fact: 'step.succeeded',
      data: { step: 'step_1', try: failures + 1, commit: commit('b'), checks: [check(true)], durationMs: 1_300 },
    },
    { fact: 'acceptance.checked', data: { results: [] } },
    { fact: 'gate.waived', data: { gate: 'test', reason: 'not_available' } },
    {
      fact: 'work.collected',
      data: { commit: commit('b'), files: [{ path: 'src/health.ts', status: 'added', added: 9, removed: 0 }] },
    },
    { fact: 'agent.completed', data: { output: {} } },
  );
  return run.events;
};

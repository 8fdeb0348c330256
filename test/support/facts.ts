import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type CheckResult, type FailureCategory, Plan } from '#contracts';
import { type ReportedFailure, type ReportItem, RoutingPolicy } from '#domain';
import { type Event, type EventOf, type EventType, newestVersion } from '#events';

/** Facts and lines of reports for tests, with as little noise as they need. Plans have the steps step_1, step_2, … */

export const routing = RoutingPolicy.parse(
  parse(readFileSync(new URL('../../data/routing.yaml', import.meta.url), 'utf8')),
);

const BASE = 'a'.repeat(40);
/** A commit: 40 times this hex digit. */
export const commit = (digit: string): string => digit.repeat(40);

type StepOptions = Partial<Omit<Plan['steps'][number], 'id'>>;

/** A plan with so many steps, one after the other, each with one check. */
export const planOf = (count: number, options: Readonly<Record<string, StepOptions>> = {}): Plan =>
  Plan.parse({
    id: 'bp_1',
    task_id: 'task_1',
    goal: 'Add a health endpoint',
    acceptance_criteria: [
      {
        id: 'AC-1',
        criterion: 'it answers',
        priority: 'must',
        verification: { type: 'command', command: 'npm run probe' },
      },
    ],
    steps: Array.from({ length: count }, (_, index) => {
      const id = `step_${index + 1}`;
      return {
        id,
        name: `do ${id}`,
        action: 'do it',
        success_criteria: [{ criterion: 'it passes', verification: { type: 'command', command: 'npm test' } }],
        depends_on: index === 0 ? [] : [`step_${index}`],
        ...options[id],
      };
    }),
  });

export const policy: EventOf<'goal.submitted'>['data']['policy'] = {
  hash: 'policy-1',
  stepTries: 5,
  gateTries: 3,
  leasesPerAttempt: 3,
  checkpointEvery: 3,
  confirmThreshold: 0.6,
  replans: 0,
  repeats: 0,
  questionRounds: 5,
  readiness: 0.7,
  questionMs: 300_000,
  decisionMs: 0,
  childrenAtOnce: 0,
};

type Submission = EventOf<'goal.submitted'>['data'];

/** A goal that is planned, then built, without a question. */
export const submission = (change: Partial<Submission> = {}): Submission => ({
  goal: 'Add a health endpoint',
  mode: 'implicit',
  confirm: true,
  trigger: 'cli',
  workspace: '/srv/shop',
  includeDirty: false,
  workflow: null,
  tasks: [],
  sequential: false,
  specification: null,
  plan: null,
  planSource: null,
  answers: {},
  attended: false,
  engine: null,
  checks: [],
  priority: 3,
  labels: {},
  budgetUsd: null,
  budgetTokens: null,
  backlog: null,
  driver: 'studio',
  parent: null,
  bases: [],
  policy,
  ...change,
});

/** Tasks T1, T2, … that depend on nothing. */
export const tasks = (...goals: readonly string[]): Submission['tasks'] =>
  goals.map((goal, index) => ({ id: `T${index + 1}`, goal, depends_on: [], files: [], plan: null }));

const event = <T extends EventType>(type: T, data: EventOf<T>['data']): Event =>
  // TypeScript does not relate a generic type to its member of the union.
  ({ type, v: newestVersion[type], data }) as unknown as Event;

export const submitted = (change: Partial<Submission> = {}): Event => event('goal.submitted', submission(change));

/** A goal that comes with its plan: nothing is planned, the builder has lease 4. */
export const submittedWithPlan = (plan: Plan = planOf(1), change: Partial<Submission> = {}): Event =>
  submitted({ plan, planSource: 'plan.json', ...change });

export const workerOf = (id: string) => ({ id, host: 'host-1', pid: 41 });
export const started = (dispatch: number, worker = 'w1'): Event =>
  event('agent.started', { dispatch, worker: workerOf(worker) });

type Dispatched = EventOf<'agent.dispatched'>['data'];
export const dispatched = (change: Partial<Dispatched> = {}): Event =>
  event('agent.dispatched', {
    invocation: 1,
    role: 'builder',
    attempt: 1,
    reason: 'first',
    hint: null,
    notBefore: null,
    ...change,
  });

type Opened = EventOf<'interaction.opened'>['data'];
export const opened = (
  number: number,
  kind: Opened['kind'],
  prompt: string,
  options: Readonly<Record<string, string>>,
): Event =>
  event('interaction.opened', {
    interaction: `int_${number}`,
    kind,
    prompt,
    options: Object.entries(options).map(([key, label]) => ({ key, label })),
    deadline: null,
    default: null,
    round: null,
    focus: null,
    about: null,
  });

export const closed = (
  number: number,
  outcome: EventOf<'interaction.closed'>['data']['outcome'],
  answer: string | null = null,
  note: string | null = null,
): Event => event('interaction.closed', { interaction: `int_${number}`, outcome, answer, note, assumed: false });

export const paused = (reason: string | null = null): Event => event('orchestration.paused', { reason });
export const continued = (): Event => event('orchestration.continued', {});
export const completed = (at: string | null = null): Event => event('orchestration.completed', { commit: at });
export const halted = (reason: string): Event => event('orchestration.halted', { reason });
export const aborted = (reason: string | null = null): Event => event('orchestration.aborted', { reason });
export const skipped = (step: string): Event => event('step.skipped', { step });
export const applied = (at: string, branch = 'studio/it'): Event =>
  event('branch.applied', { branch, commit: at, into: 'main' });
export const discarded = (branch = 'studio/it'): Event => event('branch.discarded', { branch });
export const overridden = (workflow: EventOf<'route.overridden'>['data']['workflow']): Event =>
  event('route.overridden', { workflow, agents: [...routing.agents[workflow]] });

export const wentBack = (checkpoint: string, version: number): Event =>
  event('orchestration.resumed', { checkpoint, version });

export const handedOver = (context: EventOf<'handoff.recorded'>['data']['context']): Event =>
  event('handoff.recorded', { from: 'planner', to: 'builder', context });

type Saved = EventOf<'checkpoint.saved'>['data'];
export const saved = (change: Partial<Saved> & Pick<Saved, 'name' | 'checkpoint'>): Event =>
  event('checkpoint.saved', { afterAgent: null, commit: null, ...change });

export const failureOf = (category: FailureCategory, change: Partial<ReportedFailure> = {}): ReportedFailure => ({
  category,
  error: 'it broke',
  fingerprint: 'f1',
  unblock: null,
  ...change,
});

type Failed = EventOf<'failure.recorded'>['data'];
export const failed = (change: Partial<Failed> = {}): Event =>
  event('failure.recorded', {
    lease: null,
    seq: null,
    role: 'builder',
    attempt: 1,
    step: null,
    gate: null,
    ...failureOf('code_error'),
    pattern: null,
    until: null,
    progress: null,
    engine: null,
    provider: null,
    ...change,
  });

type Recovery = EventOf<'recovery.decided'>['data'];
export const recovered = (
  action: Recovery['action'],
  reason: string,
  change: Partial<Pick<Recovery, 'notBefore' | 'draw' | 'hint' | 'counted'>> = {},
): Event =>
  event('recovery.decided', {
    action,
    reason,
    notBefore: null,
    draw: 0.5,
    hint: null,
    counted: true,
    policyHash: policy.hash,
    ...change,
  });

/** Lines of reports: given to `report` they are a command, given to `reported` what it asserts. */

const check = (passed: boolean): CheckResult => ({
  criterion: 'it passes',
  type: 'command',
  passed,
  durationMs: 12,
  exitCode: passed ? 0 : 1,
  output: '',
});

export const progress = (message = 'at work'): ReportItem => ({ fact: 'agent.progressed', data: { message } });
export const prepared: ReportItem = {
  fact: 'workspace.prepared',
  data: { root: '/srv/shop', base: BASE, branch: 'studio/it', dirty: false, private: false, sandbox: 'none' },
};
export const lost = (missing: readonly string[], keep: string | null): ReportItem => ({
  fact: 'workspace.lost',
  data: { missing: [...missing], keep },
});
export const planned = (plan: Plan = planOf(1), confidence = 85): ReportItem => ({
  fact: 'plan.created',
  data: { plan, source: 'recipe health', confidence, cautions: [] },
});
export const gates = (...names: readonly ('lint' | 'typecheck' | 'test' | 'security')[]): ReportItem => ({
  fact: 'gates.discovered',
  data: {
    gates: names.map((gate) => ({ gate, command: `npm run ${gate}`, source: 'package.json', base: 'green' as const })),
  },
});
export const stepStarted = (step: string, number = 1): ReportItem => ({
  fact: 'step.started',
  data: { step, try: number },
});
export const stepDone = (step: string, at: string | null = null, { passed = true, number = 1 } = {}): ReportItem => ({
  fact: 'step.succeeded',
  data: { step, try: number, commit: at, checks: [check(passed)], durationMs: 5 },
});
export const stepTried = (step: string, number: number, failure = failureOf('code_error')): ReportItem => ({
  fact: 'step.tried',
  data: { step, try: number, checks: [check(false)], durationMs: 5 },
  failure,
});
type GateName = EventOf<'gate.passed'>['data']['gate'];
export const gatePassed = (gate: GateName, number = 1): ReportItem => ({
  fact: 'gate.passed',
  data: { gate, try: number, durationMs: 5 },
});
export const gateFailed = (gate: GateName, number: number, failure = failureOf('code_error')): ReportItem => ({
  fact: 'gate.failed',
  data: { gate, try: number, durationMs: 5, output: 'red' },
  failure,
});
export const gateWaived = (
  gate: GateName,
  reason: EventOf<'gate.waived'>['data']['reason'] = 'not_available',
): ReportItem => ({ fact: 'gate.waived', data: { gate, reason } });
export const accepted = (status: 'passed' | 'failed' = 'passed', ...ids: readonly string[]): ReportItem => ({
  fact: 'acceptance.checked',
  data: {
    results: ['AC-1', ...ids].map((id) => ({ id, criterion: 'it answers', priority: 'must', status, output: '' })),
  },
});
export const collected = (at: string | null): ReportItem => ({
  fact: 'work.collected',
  data: { commit: at, files: [{ path: 'src/health.ts', status: 'added', added: 9, removed: 0 }] },
});
export const done = (output: Readonly<Record<string, unknown>> = {}): ReportItem => ({
  fact: 'agent.completed',
  data: { output: { ...output } },
});
export const released = (reason: 'shutdown' | 'paused'): ReportItem => ({ fact: 'lease.released', data: { reason } });
export const agentFailed = (failure: ReportedFailure): ReportItem => ({ fact: 'agent.failed', failure });
export const report = (lease: number, seq: number, ...items: readonly ReportItem[]) =>
  ({ type: 'report', lease, seq, items }) as const;

/** What the lines assert under this lease; of a failed line, without what is decided about it. */
export const reported = (lease: number, seq: number, ...items: readonly ReportItem[]): readonly Event[] =>
  items.flatMap((item): readonly Event[] => {
    if (item.fact === 'agent.failed') return [failed({ lease, seq, ...item.failure })];
    if (item.fact === 'permission.dropped') return [closed(Number(item.interaction.slice('int_'.length)), 'withdrawn')];
    const asserted = event(item.fact, { lease, seq, ...item.data } as never);
    if (item.fact === 'step.tried') return [asserted, failed({ lease, seq, step: item.data.step, ...item.failure })];
    if (item.fact === 'gate.failed') return [asserted, failed({ lease, seq, gate: item.data.gate, ...item.failure })];
    return [asserted];
  });

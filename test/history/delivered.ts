import type { Event } from '#events';

const BASE = 'b'.repeat(40);
const COMMIT = 'c'.repeat(40);
const worker = { id: 'host-1:41', host: 'host-1', pid: 41 };
const route = { type: 'test_passes', criterion: 'GET /health answers 200' } as const;

const step = {
  id: 'step_1',
  name: 'Add the route',
  action: 'Write the route and its test',
  // Over 16 KiB, so that this history has a blob.
  operations: [{ op: 'write' as const, path: 'src/health.ts', content: `// ${'health '.repeat(3_000)}\n` }],
  success_criteria: [
    { criterion: 'the route exists', verification: { type: 'file_exists' as const, path: 'src/health.ts' } },
  ],
  depends_on: [],
};

const plan = {
  id: 'bp_health',
  task_id: 'health',
  goal: 'Add a health endpoint',
  acceptance_criteria: [
    {
      id: 'AC-1',
      criterion: route.criterion,
      verification: { type: 'test_passes' as const, test_command: 'npm test' },
      priority: 'must' as const,
    },
  ],
  steps: [step],
  quality_gates: { test: true },
};

/** A goal that a planner and a builder bring to its end, confirmed by a person, paused once, applied. */
export const delivered: readonly (readonly [Event, ...Event[]])[] = [
  [
    {
      type: 'goal.submitted',
      v: 1,
      data: {
        goal: plan.goal,
        mode: 'explicit',
        confirm: true,
        trigger: 'cli',
        workspace: '/home/alice/service',
        includeDirty: false,
        workflow: null,
        tasks: [],
        plan: null,
        planSource: null,
        engine: null,
        checks: ['npm test'],
        priority: 3,
        labels: { team: 'web' },
        policy: {
          hash: 'd'.repeat(64),
          stepTries: 5,
          gateTries: 3,
          leasesPerAttempt: 3,
          checkpointEvery: 3,
          confirmThreshold: 0.6,
        },
      },
    },
    {
      type: 'route.decided',
      v: 1,
      data: {
        workflow: 'plan_then_build',
        complexity: 'complex',
        agents: ['planner', 'builder'],
        confidence: 0.85,
        signals: [{ word: 'add', role: 'verb', pointsTo: 'plan_then_build' }],
        skills: ['backend'],
        policyHash: 'd'.repeat(64),
      },
    },
    {
      type: 'interaction.opened',
      v: 1,
      data: {
        interaction: 'int_1',
        kind: 'route',
        prompt: 'Run plan_then_build?',
        options: [{ key: 'y', label: 'yes' }],
        deadline: null,
      },
    },
  ],
  [
    { type: 'interaction.closed', v: 1, data: { interaction: 'int_1', outcome: 'answered', answer: 'y', note: null } },
    { type: 'route.overridden', v: 1, data: { workflow: 'plan_then_build', agents: ['planner', 'builder'] } },
    {
      type: 'agent.dispatched',
      v: 1,
      data: { invocation: 1, role: 'planner', attempt: 1, reason: 'first', hint: null, notBefore: null },
    },
  ],
  [{ type: 'agent.started', v: 1, data: { dispatch: 6, worker } }],
  [
    {
      type: 'plan.created',
      v: 1,
      data: { lease: 7, seq: 1, plan, source: 'recipe health-endpoint', confidence: 92, cautions: [] },
    },
    { type: 'agent.completed', v: 1, data: { lease: 7, seq: 2, output: { plan: plan.id } } },
    {
      type: 'handoff.recorded',
      v: 1,
      data: { from: 'planner', to: 'builder', context: { task_id: 'health', plan_id: plan.id } },
    },
    {
      type: 'checkpoint.saved',
      v: 1,
      data: { checkpoint: 'cp_1770042652000', name: 'after planner', afterAgent: 'planner', commit: null },
    },
    {
      type: 'agent.dispatched',
      v: 1,
      data: { invocation: 2, role: 'builder', attempt: 1, reason: 'first', hint: null, notBefore: null },
    },
  ],
  [{ type: 'agent.started', v: 1, data: { dispatch: 12, worker } }],
  [
    {
      type: 'workspace.prepared',
      v: 1,
      data: {
        lease: 13,
        seq: 1,
        root: '/home/alice/service',
        base: BASE,
        branch: 'studio/orch_20260202_143052_a1b2c3d4e5f6',
        dirty: false,
        private: false,
        sandbox: 'none',
      },
    },
    {
      type: 'gates.discovered',
      v: 1,
      data: {
        lease: 13,
        seq: 2,
        gates: [
          { gate: 'test', command: 'npm test', source: 'package.json scripts.test', base: 'green' },
          { gate: 'lint', command: null, source: 'none found', base: 'not_available' },
        ],
      },
    },
    { type: 'step.started', v: 1, data: { lease: 13, seq: 3, step: step.id, try: 1 } },
    { type: 'agent.progressed', v: 1, data: { lease: 13, seq: 4, message: 'writing src/health.ts' } },
    {
      type: 'step.succeeded',
      v: 1,
      data: {
        lease: 13,
        seq: 5,
        step: step.id,
        try: 1,
        commit: COMMIT,
        checks: [{ ...route, passed: true, durationMs: 812, exitCode: 0, output: '3 passed' }],
        durationMs: 1_310,
      },
    },
  ],
  [{ type: 'orchestration.paused', v: 1, data: { reason: 'lunch' } }],
  [{ type: 'orchestration.continued', v: 1, data: {} }],
  [
    {
      type: 'acceptance.checked',
      v: 1,
      data: {
        lease: 13,
        seq: 6,
        results: [{ id: 'AC-1', criterion: route.criterion, priority: 'must', status: 'passed', output: '3 passed' }],
      },
    },
    { type: 'gate.waived', v: 1, data: { lease: 13, seq: 7, gate: 'lint', reason: 'not_available' } },
    { type: 'gate.passed', v: 1, data: { lease: 13, seq: 8, gate: 'test', try: 1, durationMs: 2_310 } },
    {
      type: 'work.collected',
      v: 1,
      data: {
        lease: 13,
        seq: 9,
        commit: COMMIT,
        files: [{ path: 'src/health.ts', status: 'added', added: 1, removed: 0 }],
      },
    },
    { type: 'agent.completed', v: 1, data: { lease: 13, seq: 10, output: { commit: COMMIT } } },
    { type: 'orchestration.completed', v: 1, data: { commit: COMMIT } },
  ],
  [
    {
      type: 'branch.applied',
      v: 1,
      data: { branch: 'studio/orch_20260202_143052_a1b2c3d4e5f6', commit: COMMIT, into: 'main' },
    },
  ],
];

import type { Result, StateDocument } from '#contracts';

const BASE = '1'.repeat(40);
const HEAD = '2'.repeat(40);

export const aResult = (over: Partial<Result> = {}): Result => ({
  branch: 'studio/orch_1',
  base: BASE,
  commit: HEAD,
  files_changed: [
    { path: 'src/health.ts', status: 'added', added: 30, removed: 0 },
    { path: 'src/server.ts', status: 'modified', added: 1, removed: 1 },
  ],
  commits: [{ step: 'step_1', commit: HEAD }],
  checks: { passed: 4, failed: 0 },
  gates: [
    { gate: 'lint', command: 'npm run lint', status: 'red_before', tries: 0 },
    { gate: 'test', command: 'npm test', status: 'passed', tries: 1 },
    { gate: 'security', command: null, status: 'not_available', tries: 0 },
  ],
  criteria: [{ id: 'AC-1', criterion: 'it answers', priority: 'must', status: 'passed' }],
  steps: { completed: 1, skipped: 0, total: 1 },
  tasks: null,
  retries: 1,
  cost_usd: 0,
  duration_ms: 4_210,
  sandbox: 'none',
  head_hash: 'abc',
  ...over,
});

export const aState = (over: Partial<StateDocument> = {}): StateDocument => ({
  id: 'orch_20260202_143052_a1b2c3d4e5f6',
  version: 27,
  mode: 'implicit',
  trigger: 'cli',
  status: 'executing',
  goal: 'Add a health endpoint',
  labels: {},
  workspace: '/home/ada/repo',
  parent: null,
  created_at: '2026-02-02T14:30:52.000Z',
  updated_at: '2026-02-02T14:30:56.000Z',
  routing: null,
  agent_states: [],
  plan: null,
  tasks: [],
  steps: [{ id: 'step_1', name: 'Add the route', status: 'completed', tries: 1, commit: HEAD, error: null }],
  gates: [],
  criteria: [],
  handoffs: [],
  checkpoints: [],
  failures: [],
  interactions: [],
  context_budget: null,
  spend: {
    usd: 0,
    input_tokens: 0,
    cached_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 0,
    by: [],
    tasks: { usd: 0, input_tokens: 0, cached_tokens: 0, cache_write_tokens: 0, output_tokens: 0 },
    budget_usd: null,
  },
  outcome: null,
  wait: null,
  ...over,
});

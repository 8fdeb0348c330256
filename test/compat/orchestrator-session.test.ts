import { describe, expect, test } from 'vitest';
import { orchestratorIn, TIME } from './orchestrator-project.ts';

const ID = /^orch_\d{8}_\d{6}_[0-9a-f]{12}$/;

/** Sessions of one folder, one after the other. */
const shared = orchestratorIn();

describe('a session', () => {
  test('begins with a line for people and its id, and is the current one', () => {
    const { code, out, err } = shared.run('init', 'Add user authentication');
    const [said, id = '', ...rest] = out.trimEnd().split('\n');
    expect([code, said, rest, err]).toEqual([0, `[Orchestrator] Orchestration session initialized: ${id}`, [], '']);
    expect([id, shared.current()]).toEqual([expect.stringMatching(ID), id]);
    expect(JSON.parse(shared.read(id, 'state.json'))).toEqual(shared.state());
  });

  test('has a state with the names of the plugin', () => {
    const id = shared.init();
    expect(shared.state()).toEqual({
      id,
      version: expect.any(Number),
      mode: 'implicit',
      trigger: 'cli',
      status: 'routing',
      created_at: TIME,
      updated_at: TIME,
      goal: 'Add user authentication',
      routing: {
        analyzed_goal: 'Add user authentication',
        selected_workflow: 'plan_then_build',
        agent_sequence: [
          { agent: 'planner', order: 1, status: 'pending', reason: null },
          { agent: 'builder', order: 2, status: 'pending', reason: null },
        ],
        routing_confidence: 0.85,
      },
      context_budget: {
        total_allocated: 150_000,
        pools: {},
        pressure_level: 'normal',
        optimization_triggered: false,
      },
      agent_states: [],
      handoffs: [],
      checkpoints: [],
      failures: [],
      outcome: null,
    });
    shared.run('init', 'A goal', 'explicit');
    expect(shared.state()).toMatchObject({ goal: 'A goal', mode: 'explicit' });
    expect(JSON.parse(shared.data('state', id)).goal).toBe('Add user authentication');
    expect(JSON.parse(shared.data('state', id.slice(0, -8))).id).toBe(id);
    expect(shared.run('state', 'orch_20200101_000000_aaaa')).toMatchObject({ code: 1, out: '' });
    expect(shared.run('state', 'nope').err).toMatch(/^\[Orchestrator\] "nope" is not one: .*\n$/);
  });

  test('is told how its agents fare', () => {
    shared.init();
    expect(shared.run('agent-start', 'planner')).toEqual({
      code: 0,
      out: '[Orchestrator] Agent started: planner\n',
      err: '',
    });
    expect(shared.run('agent-complete', 'planner', '{"plan_id": "bp_1", "context_used": 1200}')).toEqual({
      code: 0,
      out: '[Orchestrator] Agent completed: planner\n',
      err: '',
    });
    shared.run('agent-start', 'builder');
    const { code, out, err } = shared.run('agent-fail', 'builder', 'tests fail');
    expect([code, out, err]).toEqual([0, '', '[Orchestrator] Agent failed: builder - tests fail\n']);
    const state = shared.state();
    expect(state.agent_states).toEqual([
      {
        agent_name: 'planner',
        invocation_id: expect.stringMatching(/^planner_\d+$/),
        status: 'completed',
        started_at: TIME,
        completed_at: TIME,
        input: {},
        output: { plan_id: 'bp_1', context_used: 1200 },
        context_used: 1200,
        error: null,
      },
      expect.objectContaining({ agent_name: 'builder', status: 'failed', error: 'tests fail', output: null }),
    ]);
    expect(state.failures).toEqual([
      {
        timestamp: TIME,
        agent: 'builder',
        error_type: expect.any(String),
        error_message: 'tests fail',
        recovery_action: 'retry',
        recovery_successful: null,
        retry_count: 0,
      },
    ]);
    expect(state).toMatchObject({
      status: 'recovering',
      routing: { agent_sequence: [{ status: 'completed' }, { status: 'failed' }] },
    });
    shared.run('agent-start', 'builder');
    shared.run('agent-complete', 'builder');
    expect(shared.state().failures[0].recovery_successful).toBe(true);
  });

  test('that is shown to people has goal, workflow, confidence, agents, failures and checkpoints', () => {
    const id = shared.init();
    shared.run('agent-start', 'planner');
    shared.run('agent-fail', 'planner', 'it broke');
    shared.run('agent-start', 'reviewer');
    const checkpoint = shared.checkpoint('half way');
    const { code, out } = shared.run('status');
    expect(code).toBe(0);
    for (const text of [
      'ORCHESTRATION STATUS',
      id,
      'Add user authentication',
      'plan_then_build',
      '0.85',
      '[✗] planner',
      '[○] builder',
      '[⟳] reviewer',
      'Failures: 1',
      'planner: it broke',
      'Checkpoints: 1',
      `half way (${checkpoint})`,
    ])
      expect(out).toContain(text);
  });
});

describe('context that is handed over', () => {
  test('is given to the agent that it is for, the newest first', () => {
    shared.init();
    const context = { task_id: 'task_1', plan_id: 'bp_1' };
    expect(shared.run('handoff', 'planner', 'builder', '{"task_id": "old"}').out).toBe(
      '[Orchestrator] Handoff: planner -> builder\n',
    );
    shared.run('handoff', 'planner', 'builder', JSON.stringify(context));
    expect(JSON.parse(shared.data('get-handoff', 'builder'))).toEqual(context);
    expect(shared.data('get-handoff', 'architect')).toBe('{}\n');
    shared.run('handoff', 'builder', 'planner', '{"failure_reason": "Step 3 failed"}');
    expect(shared.state().handoffs.slice(1)).toEqual([
      {
        from_agent: 'planner',
        to_agent: 'builder',
        timestamp: TIME,
        context_passed: context,
        reason: 'workflow_sequence',
      },
      expect.objectContaining({ from_agent: 'builder', reason: 'replan' }),
    ]);
  });

  test.each(['{broken', '[1]'])('that is no JSON document (%s) is told, and is {}', (json) => {
    if (!shared.has('.current')) shared.init();
    const handed = shared.run('handoff', 'planner', 'builder', json);
    expect(handed).toMatchObject({ code: 0, err: expect.stringMatching(/^\[Orchestrator\] Invalid JSON/) });
    expect(shared.data('get-handoff', 'builder')).toBe('{}\n');
    expect(shared.run('agent-complete', 'planner', json)).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^\[Orchestrator\] Invalid JSON/),
    });
  });
});

describe('recover', () => {
  const recovery = (...args: readonly string[]) => JSON.parse(shared.data('recover', ...args));

  test('says retry under 3 failures, replan under 5, then escalate', () => {
    shared.init();
    expect(recovery('builder')).toMatchObject({ action: 'retry', failure_count: 0 });
    const actions = [1, 2, 3, 4, 5].map(() => {
      shared.run('agent-fail', 'builder', 'tests fail');
      return recovery('builder').action;
    });
    expect(actions).toEqual(['retry', 'retry', 'replan', 'replan', 'escalate']);
    expect(recovery()).toEqual({
      action: 'escalate',
      reason: expect.any(String),
      failure_count: 5,
      thresholds: { retry_max: 3, replan_max: 5 },
    });
    expect(recovery('planner')).toMatchObject({ action: 'retry', failure_count: 0 });
  });

  test('counts a failure whose error is longer than a log takes, with both its ends', () => {
    shared.init();
    shared.run('agent-fail', 'builder', `first line${'x'.repeat(50_000)}last line`);
    expect(shared.state().failures).toMatchObject([
      { error_message: expect.stringMatching(/^first line.* 34119 characters are left out here .*last line$/s) },
    ]);
  });

  test('prints the document on stdout, and what people read on stderr', () => {
    const { out, err } = shared.run('recover');
    expect(() => JSON.parse(out)).not.toThrow();
    expect(err).toMatch(/^\[Orchestrator\] Recovery decision: /);
  });
});

describe('a checkpoint', () => {
  test('is printed by its id, and is a file with the state', () => {
    const id = shared.init();
    shared.run('agent-start', 'planner');
    shared.run('agent-complete', 'planner');
    const { code, out } = shared.run('checkpoint', 'planning_complete');
    const [said, checkpoint = ''] = out.trimEnd().split('\n');
    expect([code, checkpoint]).toEqual([0, expect.stringMatching(/^cp_\d+$/)]);
    expect(said).toBe(`[Orchestrator] Checkpoint saved: planning_complete (${checkpoint})`);
    expect(shared.state().checkpoints).toContainEqual({
      id: checkpoint,
      name: 'planning_complete',
      timestamp: TIME,
      after_agent: 'planner',
      can_resume_from: true,
    });
    expect(JSON.parse(shared.read(id, `${checkpoint}.json`))).toEqual(JSON.parse(shared.read(id, 'state.json')));
  });

  test('can be gone back to, by its id or as the last, and none is lost', () => {
    const id = shared.init();
    const first = shared.checkpoint('first');
    shared.run('agent-start', 'planner');
    const second = shared.checkpoint('second');
    shared.run('agent-complete', 'planner');
    expect(shared.data('resume')).toBe(`[Orchestrator] Resumed from checkpoint: ${second}\n`);
    expect(shared.state().agent_states).toMatchObject([{ agent_name: 'planner', status: 'active' }]);
    expect(shared.data('resume', first)).toBe(`[Orchestrator] Resumed from checkpoint: ${first}\n`);
    expect(shared.state().agent_states).toEqual([]);
    expect(shared.state().checkpoints.map(({ name }: { name: string }) => name)).toEqual(['first', 'second']);
    expect(JSON.parse(shared.read(id, 'state.json')).agent_states).toEqual([]);
    expect(shared.run('resume', 'cp_1')).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/cp_1/) });
  });

  test('that is not there is an error, exit 1', () => {
    shared.init();
    expect(shared.run('resume')).toEqual({ code: 1, out: '', err: '[Orchestrator] No checkpoint found\n' });
  });
});

describe('route', () => {
  test('prints the route of the session as a document', () => {
    shared.init();
    const { code, out, err } = shared.run('route');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(shared.state().routing);
    expect(err).toMatch(/^\[Orchestrator\] Routed to workflow: plan_then_build/);
  });

  test('of another goal is what the session takes then', () => {
    shared.init();
    const routed = {
      analyzed_goal: 'Fix the typo in the README',
      selected_workflow: 'build_only',
      agent_sequence: [{ agent: 'builder', order: 1, status: 'pending', reason: null }],
      routing_confidence: 0.7,
    };
    expect(JSON.parse(shared.data('route', 'Fix the typo in the README'))).toEqual(routed);
    expect(JSON.parse(shared.data('route'))).toEqual(routed);
    expect(shared.state().routing).toEqual(routed);
  });
});

describe('cleanup', () => {
  test('ends the session and removes its files; the log keeps what happened', () => {
    const id = shared.init();
    shared.run('checkpoint', 'a name');
    expect(shared.run('cleanup')).toEqual({ code: 0, out: `[Orchestrator] Cleaned up session: ${id}\n`, err: '' });
    expect([shared.has(id), shared.has('.current')]).toEqual([false, false]);
    expect(shared.run('status').out).toContain('No active orchestration session');
    expect(JSON.parse(shared.data('state', id))).toMatchObject({ id, outcome: { kind: 'aborted' } });
  });

  test('of a session whose agents are all done completes it', () => {
    const id = shared.init();
    for (const agent of ['planner', 'builder']) shared.run('agent-complete', agent);
    shared.run('cleanup');
    expect(JSON.parse(shared.data('state', id)).outcome).toEqual({ kind: 'completed', reason: null });
  });

  test('of another session leaves the current one', () => {
    const [other, id] = [shared.init(), shared.init()];
    expect(shared.run('cleanup', other).code).toBe(0);
    expect([shared.has(other), shared.has(id), shared.current()]).toEqual([false, true, id]);
    // By as much of its id as names it.
    expect(shared.data('cleanup', id.slice(0, -8))).toBe(`[Orchestrator] Cleaned up session: ${id}\n`);
    expect([shared.has(id), shared.has('.current')]).toEqual([false, false]);
  });

  test('of a name that is no session is refused, and removes nothing', () => {
    const id = shared.init();
    expect(shared.run('cleanup', '../..')).toMatchObject({ code: 1, out: '' });
    expect(shared.has(id)).toBe(true);
  });
});

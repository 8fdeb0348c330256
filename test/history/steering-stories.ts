import type { ProjectMap } from '#contracts';
import { ProjectMap as MapSchema } from '#contracts';
import { nothingSpent, type ReportItem } from '#domain';
import {
  agentFailed,
  commit,
  done,
  failureOf,
  planned,
  planOf,
  prepared,
  stepStarted,
  stepTried,
  tasks,
} from '../support/facts.ts';
import type { Recorder } from './recorder.ts';
import { begin, build, finish, plan, type Story, withPlan } from './story.ts';

/** Runs that are steered: by people and their deadlines, by new plans, by their tasks, by going back. */

const under = (run: Recorder) => ({
  policy: { ...run.policies.current, replans: 1, repeats: 3, decisionMs: 3_600_000, childrenAtOnce: 4 },
});

const questions = (round: number, ...ids: readonly string[]): ReportItem => ({
  fact: 'questions.raised',
  data: {
    round,
    focus: round === 1 ? 'scope and success' : 'technical constraints',
    readiness: 0.2 * round,
    questions: ids.map((id) => ({ id, question: `${id}?`, options: ['yes', 'no'], default: 'yes' })),
  },
});
const asked: ReportItem = { fact: 'lease.released', data: { reason: 'asked' } };

const answer = (interaction: string, given: string) =>
  ({ type: 'answer', interaction, answer: given, note: null }) as const;

const map: ProjectMap = MapSchema.parse({
  epics: [{ id: 'E1', title: 'Shop' }],
  features: [{ id: 'F1', epic: 'E1', title: 'Cart' }],
  tasks: [
    { id: 'T1', title: 'Add a cart', feature: 'F1', effort: 'S', acceptance: [{ criterion: 'it holds things' }] },
    { id: 'T2', title: 'Show the cart', feature: 'F1', effort: 'S', depends_on: ['T1'] },
  ],
});

/** The run of a task ends; its number is that of the try that the parent started. */
const endTask = async (
  run: Recorder,
  task: string,
  outcome: 'completed' | 'failed' | 'aborted',
  digit: string | null,
): Promise<void> => {
  const child = (await run.children()).find((known) => known.task === task)?.child ?? '';
  await run.give(
    {
      type: 'end_child',
      task,
      child,
      outcome,
      reason: outcome === 'failed' ? 'the tests are red' : null,
      base: commit('a'),
      commit: digit && commit(digit),
      spent: nothingSpent,
    },
    'service:router',
  );
};

const merge = async (run: Recorder, task: string, digit: string): Promise<void> => {
  const child = (await run.children()).find((known) => known.task === task)?.child ?? '';
  await run.report({ fact: 'branch.merged', data: { task, child, commit: commit(digit) } });
};

export const steeringStories: Readonly<Record<string, Story>> = {
  'two-rounds-of-questions': async (run) => {
    await run.submit({ ...under(run), attended: true, answers: { colour: 'blue' } });
    await run.start(40);
    await run.report(prepared, questions(1, 'colour', 'size', 'name'), asked);
    // In any order: the second one first.
    await run.give(answer('int_2', 'Ada'));
    await run.give(answer('int_1', 'no'));
    await run.start(41);
    await run.report(questions(2, 'speed'), asked);
    run.pass(300_000);
    await run.give({ type: 'time_out' }, 'service:router');
    await run.start(42);
    await run.report(planned(planOf(1)), done({ plan_id: 'bp_1' }));
  },

  'a-round-that-was-enough': async (run) => {
    await run.submit({ ...under(run), attended: true });
    await run.start(40);
    await run.report(prepared, questions(1, 'colour', 'size'), asked);
    await run.give(answer('int_1', 'enough'));
  },

  'nobody-decides-in-time': async (run) => {
    await run.submit({ ...under(run), mode: 'explicit' });
    run.pass(3_600_000);
    await run.give({ type: 'time_out' }, 'service:router');
  },

  'planned-anew-after-a-design-flaw': async (run) => {
    await run.submit(under(run));
    await plan(run, 2);
    await run.start(41);
    await build(run, 'step_1', 'b');
    await run.report(stepStarted('step_2'));
    await run.report(stepTried('step_2', 1, failureOf('design_flaw', { error: 'no such framework' })));
    await run.give({ type: 'complete_handoff', from: null, to: null, context: { suggestion: 'take the other one' } });
    await run.start(42);
    await run.report(planned(planOf(3)), done({ plan_id: 'bp_1' }));
    await run.start(43);
    await build(run, 'step_2', 'c');
    await build(run, 'step_3', 'd');
    await finish(run, 'd', []);
  },

  'a-loop-is-escalated': async (run) => {
    await run.submit({ ...under(run), ...withPlan(1) });
    await begin(run);
    for (const number of [1, 2, 3]) {
      await run.report(stepStarted('step_1', number));
      await run.report(stepTried('step_1', number, failureOf('code_error', { error: '404', progress: 'as before' })));
    }
  },

  'a-window-is-waited-out': async (run) => {
    await run.submit(under(run));
    await run.start(40);
    const until = '2026-02-02T16:00:00.000Z';
    await run.report(prepared);
    await run.report(
      agentFailed(failureOf('transient', { error: 'usage limit reached', pattern: 'llm.limit', until })),
    );
    run.pass(3_600_000);
    await run.start(41);
    await run.report(planned(planOf(1)), done({ plan_id: 'bp_1' }));
  },

  'tasks-of-which-one-fails': async (run) => {
    const [first, second, third] = tasks('Add a cart', 'Fix the page', 'Show the cart');
    if (!first || !second || !third) throw new Error('three tasks');
    const after = { ...third, depends_on: [{ task: 'T2', policy: 'all' as const }] };
    await run.submit({ ...under(run), tasks: [first, second, after] });
    await endTask(run, 'T2', 'failed', null);
    await endTask(run, 'T1', 'completed', 'b');
    await run.start(40);
    await run.report(prepared);
    await merge(run, 'T1', 'c');
    await run.report({ fact: 'acceptance.checked', data: { results: [] } });
    await run.report(
      { fact: 'work.collected', data: { commit: commit('c'), files: [] } },
      done({
        of_tasks: {
          checks: { passed: 2, failed: 0 },
          steps: { completed: 1, skipped: 0, total: 1 },
          retries: 0,
        },
      }),
    );
  },

  'a-task-that-does-not-merge': async (run) => {
    await run.submit({ ...under(run), tasks: tasks('Add a cart', 'Fix the page') });
    await endTask(run, 'T1', 'completed', 'b');
    await endTask(run, 'T2', 'completed', 'c');
    await run.start(40);
    await run.report(prepared);
    await merge(run, 'T1', 'd');
    await run.report({
      fact: 'agent.failed',
      task: 'T2',
      failure: failureOf('design_flaw', { error: 'T2 does not merge: cart.ts' }),
    });
    await endTask(run, 'T2', 'completed', 'e');
    await run.start(41);
    await merge(run, 'T2', 'f');
    await run.report({ fact: 'work.collected', data: { commit: commit('f'), files: [] } }, done());
  },

  'a-map-approved-then-aborted': async (run) => {
    await run.submit({ ...under(run), mode: 'explicit', goal: 'Create a multi-tenant billing platform' });
    await run.give(answer('int_1', 'y'));
    await run.start(39);
    await run.report({ fact: 'map.drawn', data: { map, source: 'specification' } }, done({ tasks: 2 }));
    await run.give(answer('int_2', 'y'));
    await run.give({ type: 'abort', reason: 'not now' });
    await endTask(run, 'T1', 'aborted', null);
  },

  'back-to-a-checkpoint': async (run) => {
    await run.submit({ ...under(run), ...withPlan(2) });
    await begin(run);
    await build(run, 'step_1', 'b');
    await run.give({ type: 'checkpoint', name: 'one done' });
    await build(run, 'step_2', 'c');
    await run.give({ type: 'resume', checkpoint: 'one done' });
    await run.start(42);
    await build(run, 'step_2', 'd');
    await finish(run, 'd');
  },

  'context-given-and-optimised': async (run) => {
    await run.submit({ ...under(run), ...withPlan(1) });
    await run.start(41);
    const limits = { soft: 30_000, hard: 35_000 };
    const pools = {
      reserved: limits,
      learnings: { soft: 20_000, hard: 25_000 },
      backlog: { soft: 15_000, hard: 20_000 },
      plans: limits,
      context7: { soft: 25_000, hard: 30_000 },
      working: { soft: 30_000, hard: 40_000 },
    };
    await run.report(prepared, {
      fact: 'context.allocated',
      data: { pools, total: { soft: 150_000, hard: 185_000 } },
    });
    await run.report({
      fact: 'context.optimised',
      data: {
        actions: [{ action: 'summarise learnings of 30 to 90 days', pool: 'learnings', freed: 9_000 }],
        before: 24_000,
        after: 15_000,
      },
    });
    await run.report(stepStarted('step_1'), {
      fact: 'context.given',
      data: {
        role: 'builder',
        work: 'step_1',
        pieces: [{ hash: '0123456789abcdef', source: 'learnings/testing.md', pool: 'learnings', tokens: 15_000 }],
      },
    });
    await run.report({
      fact: 'learnings.captured',
      data: { entries: [{ domain: 'testing', text: 'The tests need a database.' }] },
    });
  },

  'more-than-an-agent-may-read': async (run) => {
    await run.submit({ ...under(run), ...withPlan(1) });
    await run.start(41);
    await run.report(prepared, stepStarted('step_1'));
    await run.report(
      {
        fact: 'context.refused',
        data: {
          role: 'builder',
          work: 'step_1',
          pieces: [{ hash: '0123456789abcdef', source: 'plans plan.json', pool: 'plans', tokens: 40_000 }],
          problem: 'pool plans holds 40000 tokens after optimisation, and 35000 is the most',
        },
      },
      agentFailed(failureOf('blocker', { error: 'there is more to read than an agent may be given' })),
    );
    await run.give({ type: 'abort', reason: 'the plan is too long' });
  },

  'one-task-named': async (run) => {
    await run.submit({ ...under(run), tasks: tasks('Add a cart') });
    await run.give({ type: 'abort', reason: 'enough was seen' });
  },

  'driven-from-outside': async (run) => {
    await run.submit({ ...under(run), driver: 'outside' });
    await run.give({ type: 'outside_start', agent: 'planner', input: {} });
    await run.give({ type: 'outside_complete', agent: 'planner', output: { plan_id: 'bp_1' } });
    await run.give({ type: 'outside_hand_over', from: 'planner', to: 'builder', context: { task_id: 'T1' } });
    await run.give({ type: 'outside_start', agent: 'builder', input: {} });
    await run.give({ type: 'outside_fail', agent: 'builder', error: 'the tests are red' });
    await run.give({ type: 'outside_start', agent: 'builder', input: {} });
    await run.give({ type: 'outside_complete', agent: 'builder', output: {} });
    await run.give({ type: 'outside_end' });
  },

  'routed-again-from-outside': async (run) => {
    await run.submit({ ...under(run), driver: 'outside' });
    await run.give({ type: 'outside_route', goal: 'Fix the typo in the README', workflow: null });
    await run.give({ type: 'outside_start', agent: 'builder', input: {} });
    await run.give({ type: 'outside_complete', agent: 'builder', output: {} });
    await run.give({ type: 'outside_end' });
  },

  'a-fork-with-another-plan': async (run) => {
    await run.submit({ ...under(run), ...withPlan(2) });
    await begin(run);
    await build(run, 'step_1', 'b');
    const changes = { plan: { ...planOf(1), id: 'bp_other' }, planSource: 'other.json', labels: { try: '2' } };
    const from = 'orch_20260202_120000_00000000000f';
    // The eight facts so far are those of the other run.
    await run.give({ type: 'fork', from, version: 8, headHash: 'f'.repeat(64), checkpoint: null, changes });
    await run.start(42);
    await build(run, 'step_1', 'c');
    await finish(run, 'c');
  },
};

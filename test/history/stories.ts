import type { DiscoveredGate } from '#contracts';
import type { ReportItem } from '#domain';
import {
  accepted,
  agentFailed,
  commit,
  failureOf,
  gateFailed,
  gatePassed,
  gates,
  gateWaived,
  lost,
  planOf,
  progress,
  released,
  stepStarted,
  stepTried,
} from '../support/facts.ts';
import { agentStories } from './agent-stories.ts';
import { engineStories } from './engine-stories.ts';
import { moneyStories } from './money-stories.ts';
import { pageStories } from './page-stories.ts';
import { steeringStories } from './steering-stories.ts';
import { begin, build, end, finish, plan, type Story, withPlan } from './story.ts';
import { workStories } from './work-stories.ts';

const refused = (error: string, change = {}) => failureOf('code_error', { error, fingerprint: 'aa01', ...change });
const unreachable = failureOf('transient', { error: 'connect ECONNREFUSED 127.0.0.1:4873', fingerprint: 'bb02' });

const foundGates = (bases: Readonly<Partial<Record<DiscoveredGate['gate'], DiscoveredGate['base']>>>): ReportItem => ({
  fact: 'gates.discovered',
  data: {
    // The keys of this type are gates.
    gates: (Object.entries(bases) as [DiscoveredGate['gate'], DiscoveredGate['base']][]).map(([gate, base]) => ({
      gate,
      command: base === 'not_available' ? null : `npm run ${gate}`,
      source: base === 'not_available' ? 'none found' : `package.json scripts.${gate}`,
      base,
    })),
  },
});

/**
 * What each golden log shows. New ones come at the end: the place of a story is the number in its stream's name.
 */
export const stories: Readonly<Record<string, Story>> = {
  'build-with-a-given-plan': async (run) => {
    await run.submit({ ...withPlan(2), includeDirty: true, labels: { team: 'web' } });
    await begin(run);
    await build(run, 'step_1', 'b');
    await build(run, 'step_2', 'c');
    await finish(run, 'c');
    await run.give({ type: 'land', as: 'applied', into: 'main' });
  },

  'plan-then-build': async (run) => {
    await run.submit({ mode: 'explicit' });
    await run.give({ type: 'answer', interaction: 'int_1', answer: 'y', note: null });
    await plan(run, 4);
    await run.start(41);
    await run.report(foundGates({ lint: 'red', typecheck: 'green', test: 'green', security: 'not_available' }));
    await build(run, 'step_1', 'b');
    await build(run, 'step_2', 'c');
    await run.give({ type: 'checkpoint', name: 'before the tests' });
    await build(run, 'step_3', 'd');
    await run.report(progress('writing the documentation'));
    await build(run, 'step_4', 'e');
    await finish(run, 'e', [
      gateWaived('lint', 'red_before'),
      gatePassed('typecheck'),
      gatePassed('test'),
      gateWaived('security'),
    ]);
  },

  'transient-failures-then-success': async (run) => {
    await run.submit(withPlan(1));
    await begin(run);
    for (const number of [1, 2]) {
      await run.report(stepStarted('step_1', number));
      await run.report(stepTried('step_1', number, unreachable));
      run.pass(2_000 * number);
    }
    await build(run, 'step_1', 'b', 3);
    await run.report(accepted());
    await run.report(gateFailed('test', 1, unreachable));
    run.pass(2_000);
    await run.report(gatePassed('test', 2));
    await end(run, 'b');
  },

  'escalated-then-retried-with-a-hint': async (run) => {
    await run.submit(
      withPlan(1, { step_1: { retry_behavior: { max_attempts: 2, fix_hints: ['the route needs a handler'] } } }),
    );
    await begin(run);
    for (const number of [1, 2]) {
      await run.report(stepStarted('step_1', number));
      await run.report(stepTried('step_1', number, refused('GET /health answered 404, expected 200')));
    }
    await run.give({ type: 'retry', hint: 'register it before the fallback' });
    await run.start(42);
    await build(run, 'step_1', 'b');
    await finish(run, 'b');
  },

  'step-skipped': async (run) => {
    await run.submit(withPlan(2));
    await begin(run);
    await build(run, 'step_1', 'b');
    await run.report(stepStarted('step_2'));
    await run.report(stepTried('step_2', 1, failureOf('design_flaw', { error: 'no such framework' })));
    await run.give({ type: 'skip' });
    await run.start(42);
    await finish(run, 'b');
    await run.give({ type: 'land', as: 'discarded' });
  },

  'critical-failure-halts': async (run) => {
    await run.submit(withPlan(1));
    await begin(run);
    await run.report(stepStarted('step_1'));
    await run.report(stepTried('step_1', 1, failureOf('critical', { error: 'a secret would be committed' })));
  },

  'paused-and-continued': async (run) => {
    await run.submit(withPlan(2));
    await begin(run);
    await build(run, 'step_1', 'b');
    await run.give({ type: 'pause', reason: 'lunch' });
    await run.report(released('paused'));
    await run.give({ type: 'continue' });
    await run.start(42);
    await build(run, 'step_2', 'c');
    await finish(run, 'c');
  },

  'aborted-at-work': async (run) => {
    await run.submit(withPlan(2));
    await begin(run);
    await build(run, 'step_1', 'b');
    await run.report(stepStarted('step_2'));
    await run.give({ type: 'abort', reason: 'not needed any more' });
  },

  'route-declined': async (run) => {
    await run.submit({ mode: 'explicit' });
    await run.give({ type: 'answer', interaction: null, answer: 'n', note: 'that was meant for another folder' });
  },

  'unsupported-workflow-overridden': async (run) => {
    await run.submit({ goal: 'Create a multi-tenant billing platform' });
    await run.give({ type: 'answer', interaction: 'int_1', answer: 'plan_then_build', note: null });
    await plan(run, 1);
    await run.start(41);
    await run.report(gates('test'));
    await build(run, 'step_1', 'b');
    await finish(run, 'b');
  },

  'workspace-lost': async (run) => {
    await run.submit(withPlan(3));
    await begin(run);
    await build(run, 'step_1', 'b');
    await build(run, 'step_2', 'c');
    await run.start(17, 'host-2');
    await run.report(lost([commit('c')], commit('b')));
    await build(run, 'step_2', 'd');
    await build(run, 'step_3', 'e');
    await finish(run, 'e');
  },

  'lease-handed-back-and-taken-over': async (run) => {
    await run.submit(withPlan(2));
    await begin(run);
    await build(run, 'step_1', 'b');
    await run.report(released('shutdown'));
    await run.start(42);
    await run.report(stepStarted('step_2'));
    // That one died: the next worker takes the lease without being told.
    await run.start(43);
    await build(run, 'step_2', 'c');
    await finish(run, 'c');
  },

  'three-dead-workers-escalate': async (run) => {
    await run.submit(withPlan(1));
    await begin(run);
    await run.report(stepStarted('step_1'));
    for (const pid of [42, 43]) {
      await run.start(pid);
      await run.report(stepStarted('step_1'));
    }
    await run.start(44);
  },

  'gate-fails-until-a-person-is-asked': async (run) => {
    await run.submit(withPlan(1));
    await begin(run);
    await build(run, 'step_1', 'b');
    await run.report(accepted());
    for (const number of [1, 2, 3]) await run.report(gateFailed('test', number, refused('2 tests failed')));
    await run.give({ type: 'answer', interaction: null, answer: 'abort', note: 'those tests are right' });
  },

  'blocked-planner': async (run) => {
    await run.submit();
    await run.start(40);
    await run.report(agentFailed(failureOf('blocker', { error: 'no engine', unblock: 'name one with --engine' })));
  },

  'plan-kept-apart': async (run) => {
    const small = planOf(1);
    const content = `// ${'a plan above 16 KiB is a blob beside its event\n// '.repeat(350)}\n`;
    const steps = small.steps.map((step) => ({
      ...step,
      operations: [{ op: 'write' as const, path: 'src/health.ts', content }],
    }));
    await run.submit({ plan: { ...small, steps }, planSource: 'plan.json' });
    await begin(run);
    await build(run, 'step_1', 'b');
    await finish(run, 'b');
  },

  ...steeringStories,
  ...agentStories,
  ...moneyStories,
  ...engineStories,
  ...workStories,
  ...pageStories,
};

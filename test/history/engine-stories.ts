import { ProjectMap } from '#contracts';
import { chose } from '../support/engine-facts.ts';
import { agentFailed, done, failureOf, planned, planOf, prepared, stepStarted, stepTried } from '../support/facts.ts';
import { begin, build, finish, type Story, withPlan } from './story.ts';

/** Runs whose engines are chosen, fail and are followed by others. */

const gone = (engine: string, provider: 'down' | 'quota' | 'refused_key', until: string | null = null) =>
  failureOf('transient', { engine, provider, until, error: `${engine} does not answer`, fingerprint: 'ee01' });

const map = ProjectMap.parse({
  epics: [{ id: 'E1', title: 'Shop' }],
  features: [{ id: 'F1', epic: 'E1', title: 'Cart' }],
  tasks: [
    { id: 'T1', title: 'Add a cart', feature: 'F1', effort: 'S', acceptance: [{ criterion: 'it holds things' }] },
  ],
});

const both = ['claude', 'codex'] as const;

export const engineStories: Readonly<Record<string, Story>> = {
  'the-next-engine-goes-on': async (run) => {
    await run.submit({ engine: 'claude,codex' });
    await run.start(40);
    await run.report(prepared, chose('claude', both, { role: 'planner', work: 'plan' }), planned(planOf(2)));
    await run.report(done({ plan_id: 'bp_1' }));
    await run.start(41);
    await run.report(chose('claude', both), stepStarted('step_1'));
    await run.report(stepTried('step_1', 1, gone('claude', 'down')));
    await run.start(42);
    await build(run, 'step_1', 'b');
    await run.report(chose('codex', both), stepStarted('step_2'));
    await run.report(stepTried('step_2', 1, gone('codex', 'down')));
    run.pass(70_000);
    await run.start(43);
    await run.report(chose('claude', both));
    await build(run, 'step_2', 'c', 2);
    await finish(run, 'c', []);
  },

  'a-map-by-another-engine': async (run) => {
    const policy = { ...run.policies.current, childrenAtOnce: 4 };
    await run.submit({ policy, workflow: 'decompose_first', goal: 'Create a shop' });
    await run.start(39);
    await run.report(chose('claude', both, { role: 'architect', work: 'decompose' }));
    await run.report(agentFailed(gone('claude', 'quota', '2099-01-01T00:00:00.000Z')));
    await run.start(40);
    await run.report({ fact: 'map.drawn', data: { map, source: 'engine codex' } }, done({ tasks: 1 }));
  },

  'a-check-that-proves-nothing': async (run) => {
    await run.submit(withPlan(1));
    await begin(run);
    const results = [{ id: 'AC-1', criterion: 'it answers', before: 'passed' as const }];
    await run.report({ fact: 'acceptance.shown', data: { results } });
    await build(run, 'step_1', 'b');
    await finish(run, 'b');
  },
};

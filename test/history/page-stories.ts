import { ProjectMap } from '#contracts';
import { done, planned, planOf, prepared } from '../support/facts.ts';
import { begin, build, finish, type Story, withPlan } from './story.ts';

const shows = {
  criterion: 'it greets',
  verification: {
    type: 'browser' as const,
    url: 'http://127.0.0.1:{port}/',
    serve: 'npm start',
    actions: [{ action: 'click' as const, target: 'text=Greet' }],
    assertions: ['Hello', 'no errors'],
  },
};

const map = ProjectMap.parse({
  epics: [{ id: 'E1', title: 'Shop' }],
  features: [{ id: 'F1', epic: 'E1', title: 'Cart' }],
  tasks: [{ id: 'T1', title: 'Add a cart', feature: 'F1', effort: 'S', acceptance: [shows] }],
});

/** What golden logs show of checks in a browser. */
export const pageStories: Readonly<Record<string, Story>> = {
  'a-page-is-checked': async (run) => {
    await run.submit(withPlan(1, { step_1: { success_criteria: [shows] } }));
    await begin(run);
    await build(run, 'step_1', 'b');
    await finish(run, 'b');
  },

  'a-page-is-planned': async (run) => {
    await run.submit();
    await run.start(40);
    await run.report(prepared, planned(planOf(1, { step_1: { success_criteria: [shows] } })));
    await run.report(done({ plan_id: 'bp_1' }));
  },

  'a-map-with-a-page': async (run) => {
    const policy = { ...run.policies.current, childrenAtOnce: 4 };
    await run.submit({ policy, workflow: 'decompose_first', goal: 'Create a shop' });
    await run.start(39);
    await run.report({ fact: 'map.drawn', data: { map, source: 'engine codex' } }, done({ tasks: 1 }));
  },
};

import { expect, test } from 'vitest';
import { EngineChoice as Choice } from '#contracts';
import type { Outage } from '#domain';
import { chooseEngine, type EngineSettings, type EngineWishes, wantedEngines } from './choose-engine.ts';
import type { Capabilities, Engine } from './engine.ts';
import { createNoopEngine } from './noop-engine.ts';

const engine = (name: string, can: Capabilities): Engine => ({ ...createNoopEngine(), name, can });
const all = { plan: true, work: true, decompose: true };

const recipes = engine('recipes', all);
const planner = engine('thinker', { plan: true, work: false, decompose: true });
const worker = engine('coder', { plan: false, work: true, decompose: false });
const configured = [recipes, planner, worker];

const wanted = (change: Partial<EngineWishes> = {}, settings: Partial<EngineSettings> = {}) =>
  wantedEngines({
    role: 'builder',
    goal: null,
    settings: { default: 'auto', roles: {}, fallback: [], ...settings },
    ...change,
  });

test('auto takes the first configured engine that has the capability, and says why', () => {
  expect(chooseEngine({ wanted: wanted(), configured, capability: 'work' })).toEqual({
    outcome: 'chosen',
    engine: worker,
    candidates: ['coder'],
    reason: 'coder: the first configured engine that can work',
  });
});

test('auto takes the embedded recipes only when no other engine can', () => {
  expect(chooseEngine({ wanted: wanted(), configured: [recipes, planner], capability: 'work' })).toMatchObject({
    engine: recipes,
    reason: 'recipes: no other configured engine can work',
  });
});

test('auto without any engine names the setting that would add one', () => {
  expect(chooseEngine({ wanted: wanted(), configured: [worker], capability: 'plan' })).toMatchObject({
    outcome: 'blocked',
    unblock: expect.stringContaining('engines.commands.<name>.command in .studio/config.yaml'),
  });
});

test('an engine that is asked for is taken, even before a better one', () => {
  expect(chooseEngine({ wanted: wanted({ goal: 'recipes' }), configured, capability: 'plan' })).toMatchObject({
    engine: recipes,
  });
});

test('a name that is not configured is a blocker that names the setting, the known names and the nearest', () => {
  const choose = (goal: string) => chooseEngine({ wanted: wanted({ goal }), configured, capability: 'plan' });
  expect(choose('mine')).toEqual({
    outcome: 'blocked',
    reason: 'engine mine is not configured (configured: recipes, thinker, coder)',
    unblock: 'set engines.commands.mine.command in .studio/config.yaml, or choose another with --engine',
  });
  expect(choose('claude')).toMatchObject({
    outcome: 'blocked',
    unblock: expect.stringContaining(
      'studio engines --allow claude, or engines.allow: [claude] in .studio/config.yaml',
    ),
  });
  expect(choose('recipes,codr')).toMatchObject({
    outcome: 'blocked',
    unblock: expect.stringMatching(/^did you mean coder\?/),
  });
});

test('an engine that lacks the capability is not silently replaced', () => {
  expect(chooseEngine({ wanted: wanted({ goal: 'thinker' }), configured, capability: 'work' })).toMatchObject({
    outcome: 'blocked',
    reason: 'engine thinker cannot work',
    unblock: expect.stringContaining('engines.commands.thinker.can'),
  });
});

test('what an engine of variables, or of another section, needs is named as it is', () => {
  const choose = (goal: string) =>
    chooseEngine({
      wanted: wanted({ goal }),
      configured: [{ ...planner, settings: 'engines.models.thinker' }],
      capability: 'work',
    });
  expect(choose('model')).toMatchObject({
    unblock: expect.stringContaining('set ANTHROPIC_MODEL and ANTHROPIC_API_KEY'),
  });
  expect(choose('thinker')).toMatchObject({ unblock: expect.stringContaining('engines.models.thinker.can') });
});

test('of several that are wanted those that can are asked, in their order, then those to fall back on', () => {
  const found = chooseEngine({
    wanted: wanted({ goal: 'thinker,coder' }, { fallback: ['recipes'] }),
    configured,
    capability: 'work',
  });
  expect(found).toMatchObject({ engine: worker, candidates: ['coder', 'recipes'] });
});

test.each<[string, Partial<EngineWishes>, Partial<EngineSettings>, readonly string[]]>([
  ['the goal, for this role', { goal: 'a,builder=b,c', plan: 'd' }, { roles: { builder: 'e' } }, ['b', 'c']],
  ['the goal, for all', { goal: 'a,planner=b', plan: 'd' }, { roles: { builder: 'e' } }, ['a']],
  ['the plan', { plan: 'd' }, { roles: { builder: 'e' } }, ['d']],
  ['the role in the configuration', {}, { roles: { builder: ['e', 'f'] } }, ['e', 'f']],
  ['the default', { goal: 'planner=b' }, { default: ['g', 'auto'] }, ['g', 'auto']],
])('whoever is wanted is said first by %s', (_what, change, settings, names) => {
  expect(wanted(change, settings).names).toEqual(names);
});

test.each([['claude'], ['claude, model'], ['planner=model,builder=claude,codex'], ['auto,planner=model']])(
  'a choice can be written %s',
  (text) => expect(Choice.safeParse(text).success).toBe(true),
);
test.each([[''], ['Claude'], ['claude,'], ['tester=claude'], ['planner='], ['a=b']])('and not %s', (text) =>
  expect(Choice.safeParse(text).success).toBe(false),
);

const out = (name: string, change: Partial<Outage> = {}): Outage => ({
  engine: name,
  provider: 'quota',
  until: '2026-02-02T18:00:00.000Z',
  told: true,
  times: 1,
  error: 'no',
  ...change,
});
const now = '2026-02-02T15:00:00.000Z';
const both = { wanted: wanted({ goal: 'coder,recipes' }), configured, capability: 'work', now } as const;

test('who is out of quota is passed over until its window ends, and the reason says so', () => {
  expect(chooseEngine({ ...both, outages: [out('coder')] })).toMatchObject({
    engine: recipes,
    reason: 'recipes: the goal asks for it, coder is out of quota until 2026-02-02T18:00:00.000Z',
  });
  expect(chooseEngine({ ...both, outages: [out('coder')], now: '2026-02-02T18:00:00.001Z' })).toMatchObject({
    engine: worker,
  });
});

test('where all are out of quota nobody is asked before the first window ends', () => {
  const outages = [out('coder'), out('recipes', { until: '2026-02-02T17:00:00.000Z' })];
  expect(chooseEngine({ ...both, outages })).toMatchObject({ outcome: 'wait', until: '2026-02-02T17:00:00.000Z' });
});

test('where nobody is free, whose provider is down is asked again: it may answer at any time', () => {
  const outages = [out('coder'), out('recipes', { provider: 'down', told: false })];
  expect(chooseEngine({ ...both, outages })).toMatchObject({ outcome: 'chosen', engine: recipes });
});

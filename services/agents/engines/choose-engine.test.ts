import { expect, test } from 'vitest';
import { chooseEngine } from './choose-engine.ts';
import type { Capabilities, Engine } from './engine.ts';
import { createNoopEngine } from './noop-engine.ts';

const engine = (name: string, can: Capabilities): Engine => ({ ...createNoopEngine(), name, can });

const recipes = engine('recipes', { plan: true, work: true, decompose: true });
const planner = engine('thinker', { plan: true, work: false, decompose: true });
const worker = engine('coder', { plan: false, work: true, decompose: false });
const configured = [recipes, planner, worker];

test('auto takes the first configured engine that has the capability, and says why', () => {
  expect(chooseEngine({ requested: 'auto', configured, capability: 'work' })).toEqual({
    outcome: 'chosen',
    engine: worker,
    reason: 'coder: the first configured engine that can work',
  });
});

test('auto takes the embedded recipes only when no other engine can', () => {
  expect(chooseEngine({ requested: 'auto', configured: [recipes, planner], capability: 'work' })).toEqual({
    outcome: 'chosen',
    engine: recipes,
    reason: 'recipes: no other configured engine can work',
  });
});

test('auto without any engine names the setting that would add one', () => {
  expect(chooseEngine({ requested: 'auto', configured: [worker], capability: 'plan' })).toMatchObject({
    outcome: 'blocked',
    unblock: expect.stringContaining('engines.commands.<name>.command in .studio/config.yaml'),
  });
});

test('an engine that is asked for is taken, even before a better one', () => {
  expect(chooseEngine({ requested: 'recipes', configured, capability: 'plan' })).toMatchObject({ engine: recipes });
});

test('a name that is not configured is a blocker that names the setting and the known names', () => {
  expect(chooseEngine({ requested: 'claude', configured, capability: 'plan' })).toEqual({
    outcome: 'blocked',
    reason: 'engine claude is not configured (configured: recipes, thinker, coder)',
    unblock: 'set engines.commands.claude.command in .studio/config.yaml, or choose another with --engine',
  });
});

test('an engine that lacks the capability is not silently replaced', () => {
  expect(chooseEngine({ requested: 'thinker', configured, capability: 'work' })).toMatchObject({
    outcome: 'blocked',
    reason: 'engine thinker cannot work',
    unblock: expect.stringContaining('engines.commands.thinker.can'),
  });
});

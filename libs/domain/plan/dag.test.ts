import { describe, expect, test } from 'vitest';
import { fc } from '../../../test/support/fast-check.ts';
import { findCycle, readySteps, type StepStatus, topologicalOrder } from './dag.ts';
import { planOf } from './plan.testing.ts';

const ids = (steps: readonly { readonly id: string }[]) => steps.map(({ id }) => id);
const diamond = planOf([
  { id: 'test', depends_on: ['left', 'right'] },
  { id: 'right', depends_on: ['base'] },
  { id: 'left', depends_on: ['base'] },
  { id: 'base' },
]);
const ready = (statuses: Readonly<Record<string, StepStatus>>) =>
  ids(readySteps(diamond, (id) => statuses[id] ?? 'pending'));

describe('which steps can run', () => {
  test('at first those that depend on nothing', () => expect(ready({})).toEqual(['base']));
  test('several at once come in the order of the plan', () =>
    expect(ready({ base: 'completed' })).toEqual(['right', 'left']));
  test('a skipped step holds nothing up', () => expect(ready({ base: 'skipped' })).toEqual(['right', 'left']));
  test('a failed step holds up what depends on it and is not run again', () =>
    expect(ready({ base: 'completed', right: 'failed' })).toEqual(['left']));
  test('a step that was interrupted can run', () => expect(ready({ base: 'active' })).toEqual(['base']));
  test('none, when all are done', () =>
    expect(ready({ base: 'completed', left: 'completed', right: 'skipped', test: 'completed' })).toEqual([]));
});

/** Random dependencies among `s0` … `sn`, cycles included. */
const anyPlan = fc
  .array(fc.array(fc.nat(19), { maxLength: 3 }), { minLength: 1, maxLength: 20 })
  .map((edges) => planOf(edges.map((to, i) => ({ id: `s${i}`, depends_on: to.map((n) => `s${n}`) }))));

test('in order each step comes after those it depends on', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const order = ids(topologicalOrder(plan));
      const all = new Set(ids(plan.steps));
      for (const { id, depends_on } of topologicalOrder(plan))
        for (const other of depends_on)
          if (other !== id && all.has(other)) expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
    }),
  );
});

test('a plan has a cycle exactly when some step has no place in the order', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      expect(findCycle(plan) !== null).toBe(topologicalOrder(plan).length < plan.steps.length);
    }),
  );
});

test('a cycle is a path of dependencies that ends where it began', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const cycle = findCycle(plan) ?? [];
      const dependsOn = new Map(plan.steps.map(({ id, depends_on }) => [id, depends_on]));
      for (const [i, id] of cycle.slice(0, -1).entries()) expect(dependsOn.get(id)).toContain(cycle[i + 1]);
      expect(cycle.at(-1)).toBe(cycle[0]);
    }),
  );
});

test('taking the first ready step each time gives the same order', () => {
  fc.assert(
    fc.property(anyPlan, (plan) => {
      const sound = planOf(
        topologicalOrder(plan).length === plan.steps.length
          ? plan.steps.map((step) => ({
              ...step,
              depends_on: step.depends_on.filter(
                (other) => other !== step.id && plan.steps.some(({ id }) => id === other),
              ),
            }))
          : [{ id: 'only' }],
      );
      const done = new Map<string, StepStatus>();
      const taken: string[] = [];
      for (let next = readySteps(sound, () => 'pending')[0]; next; ) {
        done.set(next.id, 'completed');
        taken.push(next.id);
        next = readySteps(sound, (id) => done.get(id) ?? 'pending')[0];
      }
      expect(taken).toEqual(ids(topologicalOrder(sound)));
    }),
  );
});

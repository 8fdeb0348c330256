import { describe, expect, test } from 'vitest';
import type { Operation } from '#contracts';
import { eventCodec } from '#events';
import {
  commit,
  planOf,
  policy,
  prepared,
  report,
  reported,
  started,
  stepDone,
  stepStarted,
  submittedWithPlan,
} from '../../../test/support/facts.ts';
import { type Facts, given } from '../../../test/support/spec.ts';

const names = (...facts: Facts): readonly string[] =>
  given(...facts).history.flatMap((event) => (event.type === 'checkpoint.saved' ? [event.data.name] : []));

const planWith = (operation: Operation) => {
  const plan = planOf(2);
  return {
    ...plan,
    steps: plan.steps.map((step, index) => (index === 1 ? { ...step, operations: [operation] } : step)),
  };
};
const upToTheSecond = (operation: Operation): Facts => [
  submittedWithPlan(planWith(operation)),
  started(3),
  ...reported(4, 1, prepared),
  ...reported(4, 2, stepStarted('step_1')),
  ...reported(4, 3, stepDone('step_1', commit('b'))),
  ...reported(4, 4, stepStarted('step_2')),
];

describe('a checkpoint is saved', () => {
  test.each<[string, Operation]>([
    ['deletes files', { op: 'delete', path: 'a.txt' }],
    ['changes dependencies', { op: 'run', command: 'npm install left-pad' }],
    ['migrates data', { op: 'run', command: 'npx prisma migrate deploy' }],
  ])('before a step that %s, though nobody marked it', (_what, operation) =>
    expect(names(...upToTheSecond(operation))).toEqual(['before_step_2']),
  );
  test('not before a step that can be done again', () =>
    expect(names(...upToTheSecond({ op: 'run', command: 'npm test' }))).toEqual([]));
  test('after so many verified steps as the policy says', () => {
    const plan = planOf(4);
    const facts: Facts = [
      submittedWithPlan(plan, { policy: { ...policy, checkpointEvery: 2 } }),
      started(3),
      ...reported(4, 1, prepared),
      ...plan.steps.flatMap(({ id }, index) => reported(4, 2 + index, stepDone(id, commit('b')))),
    ];
    expect(names(...facts)).toEqual(['2_steps_verified', '2_steps_verified']);
  });
  test('when somebody asks for it, under the name that is given', () => {
    const facts = upToTheSecond({ op: 'run', command: 'npm test' });
    const { when } = given(...facts);
    when({ type: 'checkpoint', name: 'here' }).thenEvents({
      type: 'checkpoint.saved',
      v: 1,
      data: { checkpoint: expect.stringMatching(/^cp_\d+$/), name: 'here', afterAgent: null, commit: commit('b') },
    });
    when(report(4, 5, stepDone('step_2', commit('c')))).thenEvents(...reported(4, 5, stepDone('step_2', commit('c'))));
  });
});

test('a checkpoint costs less than 1 KB in the log, whatever its name and the state of the run', () => {
  const saved = {
    type: 'checkpoint.saved',
    v: 1,
    // The longest name that a command may give, of the longest characters, and a commit of the longer kind.
    data: { checkpoint: 'cp_1770042652000', name: '𝛑'.repeat(50), afterAgent: 'architect', commit: 'a'.repeat(64) },
  } as const;
  const id = '0198c0de-0000-7000-8000-000000000000';
  const { body, blobs } = eventCodec.encode(saved, {
    id,
    stream: 'orch_20260202_143052_a1b2c3d4e5f6',
    time: '2026-02-02T14:30:52.000Z',
    actor: `person:${'a'.repeat(64)}`,
    correlationId: 'orch_20260202_143052_a1b2c3d4e5f6',
    causationId: id,
  });
  const hash = 64;
  expect(blobs.size).toBe(0);
  expect(Buffer.byteLength(body) + hash).toBeLessThan(1_024);
});

import * as fc from 'fast-check';
import { FailureCategory } from '#contracts';

export type Plain = 'pause' | 'continue' | 'abort' | 'retry' | 'skip' | 'checkpoint' | 'submit' | 'land' | 'discard';

/** What somebody does next in a simulated history. `pick` chooses among what is there: workers, questions, old messages. */
export type Move =
  | { readonly do: 'start'; readonly stale: boolean }
  | { readonly do: 'work'; readonly pick: number; readonly delayed: boolean }
  | {
      readonly do: 'fail';
      readonly pick: number;
      readonly category: FailureCategory;
      readonly at: 'part' | 'agent';
      readonly delayed: boolean;
    }
  | { readonly do: 'let_go'; readonly pick: number; readonly how: 'crash' | 'shutdown' | 'paused' }
  | { readonly do: 'lose_work'; readonly pick: number }
  | { readonly do: 'repeat' | 'deliver'; readonly pick: number }
  | { readonly do: 'answer'; readonly pick: number; readonly text: string }
  | { readonly do: Plain };

const pick = fc.nat(100);
/** Mostly at once; now and then on its way for a while. */
const delayed = fc.nat(9).map((n) => n === 0);
const category = fc.constantFrom(...FailureCategory.options);

const plain = (...names: readonly Plain[]) => fc.constantFrom(...names).map((name): Move => ({ do: name }));

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: fc.nat(5).map((n): Move => ({ do: 'start', stale: n === 0 })) },
  { weight: 30, arbitrary: fc.record({ do: fc.constant('work' as const), pick, delayed }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      pick,
      category: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('transient' as const, 'code_error' as const) },
        category,
      ),
      at: fc.constantFrom('part' as const, 'agent' as const),
      delayed,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('let_go' as const),
      pick,
      how: fc.constantFrom('crash' as const, 'shutdown' as const, 'paused' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose_work' as const), pick }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('repeat' as const, 'deliver' as const), pick }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      pick,
      text: fc.constantFrom('y', 'r', 's', 'plan_then_build', 'build_only', 'yes', 'R', 'a', 'n', 'x', ''),
    }),
  },
  { weight: 6, arbitrary: plain('continue', 'continue', 'pause', 'retry', 'skip', 'checkpoint', 'submit') },
  { weight: 1, arbitrary: plain('abort', 'land', 'discard') },
);

/** Who submits what, and all that is done to it. */
export const story = (maxLength = 60) =>
  fc.record({
    goal: fc.constantFrom(
      'Add a health endpoint',
      'Fix the typo in the README',
      'Create a multi-tenant billing platform',
    ),
    withPlan: fc.boolean(),
    steps: fc.integer({ min: 1, max: 5 }),
    explicit: fc.boolean(),
    confirm: fc.boolean(),
    checks: fc.nat(1),
    confidence: fc.constantFrom(90, 70, 50, 20),
    limits: fc.record({
      stepTries: fc.integer({ min: 1, max: 4 }),
      gateTries: fc.integer({ min: 1, max: 3 }),
      leasesPerAttempt: fc.integer({ min: 1, max: 3 }),
      checkpointEvery: fc.integer({ min: 1, max: 3 }),
    }),
    moves: fc.array(move, { maxLength, size: 'max' }),
  });
export type Story = ReturnType<typeof story> extends fc.Arbitrary<infer S> ? S : never;

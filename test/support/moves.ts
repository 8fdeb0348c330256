import { EdgePolicy, FailureCategory, type Task } from '#contracts';
import { fc } from './fast-check.ts';
import { type AskMove, asks, type HandMove, ofHands } from './hand-moves.ts';
import { type MoneyMove, ofMoney } from './money-moves.ts';

export type Plain =
  | 'pause'
  | 'continue'
  | 'abort'
  | 'retry'
  | 'skip'
  | 'approve'
  | 'time_out'
  | 'checkpoint'
  | 'complete_handoff'
  | 'submit'
  | 'land'
  | 'discard';

const OUTSIDE = [
  'outside_start',
  'outside_complete',
  'outside_fail',
  'outside_hand_over',
  'outside_route',
  'outside_end',
] as const;

/** What somebody does next in a simulated history. `pick` chooses among what is there: workers, questions, old messages. */
export type Move =
  | { readonly do: 'start'; readonly stale: boolean }
  | { readonly do: 'work'; readonly pick: number; readonly delayed: boolean }
  | {
      readonly do: 'fail';
      readonly pick: number;
      readonly category: FailureCategory;
      readonly error: string;
      readonly at: 'part' | 'agent' | 'task';
      /** A window is named, a pattern knows it. */
      readonly window: boolean;
      readonly known: boolean;
      readonly delayed: boolean;
    }
  | { readonly do: 'ask'; readonly pick: number; readonly questions: number; readonly readiness: number }
  | { readonly do: 'let_go'; readonly pick: number; readonly how: 'crash' | 'shutdown' | 'paused' }
  | { readonly do: 'lose_work'; readonly pick: number }
  | { readonly do: 'repeat' | 'deliver'; readonly pick: number }
  | { readonly do: 'answer'; readonly pick: number; readonly text: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'resume' | 'rewind'; readonly pick: number }
  | { readonly do: 'end_child'; readonly pick: number; readonly outcome: 'completed' | 'failed' | 'aborted' }
  | { readonly do: 'outside'; readonly what: (typeof OUTSIDE)[number]; readonly agent: string }
  | AskMove
  | HandMove
  | MoneyMove
  | { readonly do: Plain };

const pick = fc.nat(100);
/** Mostly at once; now and then on its way for a while. */
const delayed = fc.nat(9).map((n) => n === 0);
const rarely = fc.nat(5).map((n) => n === 0);
const category = fc.constantFrom(...FailureCategory.options);

const plain = (...names: readonly Plain[]) => fc.constantFrom(...names).map((name): Move => ({ do: name }));

const fails = fc.record({
  do: fc.constant('fail' as const),
  pick,
  category: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('transient' as const, 'code_error' as const) }, category),
  error: fc.constantFrom('it broke', 'it broke again', 'it is red'),
  at: fc.constantFrom('part' as const, 'part' as const, 'agent' as const, 'task' as const),
  window: rarely,
  known: fc.boolean(),
  delayed,
});

const answers = fc.record({
  do: fc.constant('answer' as const),
  pick,
  text: fc.constantFrom(
    'y',
    'r',
    's',
    'k',
    'plan_then_build',
    'build_only',
    'yes',
    'R',
    'a',
    'n',
    'enough',
    'x',
    '',
    'always',
    'w',
    '7',
    '90',
  ),
});

const SECOND = 1_000;
const ofPeople: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: answers },
  { weight: 6, arbitrary: plain('continue', 'continue', 'pause', 'retry', 'skip', 'approve', 'checkpoint', 'submit') },
  { weight: 1, arbitrary: plain('abort', 'land', 'discard', 'complete_handoff') },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(30 * SECOND, 600 * SECOND) }),
  },
  { weight: 2, arbitrary: plain('time_out') },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('resume' as const, 'rewind' as const), pick }) },
);

const ofWorkers: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: fc.nat(5).map((n): Move => ({ do: 'start', stale: n === 0 })) },
  { weight: 30, arbitrary: fc.record({ do: fc.constant('work' as const), pick, delayed }) },
  { weight: 9, arbitrary: fails },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      pick,
      questions: fc.integer({ min: 1, max: 3 }),
      readiness: fc.constantFrom(0.2, 0.9),
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
  { weight: 6, arbitrary: asks },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('repeat' as const, 'deliver' as const), pick }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('end_child' as const),
      pick,
      outcome: fc.constantFrom('completed' as const, 'completed' as const, 'failed' as const, 'aborted' as const),
    }),
  },
);

/** Of a run that somebody else drives; and a try to drive one that nobody may. */
const outside: fc.Arbitrary<Move> = fc.record({
  do: fc.constant('outside' as const),
  what: fc.constantFrom(...OUTSIDE),
  agent: fc.constantFrom('planner', 'builder', 'reviewer'),
});

const movesOf = (driver: 'studio' | 'outside', maxLength: number) =>
  fc.array(
    fc.oneof(
      { weight: driver === 'studio' ? 75 : 5, arbitrary: ofWorkers },
      { weight: 19, arbitrary: ofPeople },
      { weight: 8, arbitrary: ofHands },
      { weight: 5, arbitrary: ofMoney },
      { weight: driver === 'studio' ? 1 : 40, arbitrary: outside },
    ),
    { maxLength, size: 'max' },
  );

/** Tasks that each depend on some of those before them, or nothing but a goal. */
const tasks: fc.Arbitrary<readonly Task[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.tuple(fc.nat(9), fc.constantFrom(...EdgePolicy.options), fc.boolean()), {
        minLength: 2,
        maxLength: 4,
      })
      .map((drawn) =>
        drawn.map(([on, policy, free], index): Task => {
          const depends_on = free || index === 0 ? [] : [{ task: `T${1 + (on % index)}`, policy }];
          return { id: `T${index + 1}`, goal: `do T${index + 1}`, depends_on, files: [], plan: null };
        }),
      ),
  },
);

/** Who submits what, and all that is done to it. */
export const story = (maxLength = 60) =>
  fc
    .constantFrom('studio' as const, 'studio' as const, 'studio' as const, 'studio' as const, 'outside' as const)
    .chain((driver) =>
      fc.record({
        goal: fc.constantFrom(
          'Add a health endpoint',
          'Fix the typo in the README',
          'Create a multi-tenant billing platform',
        ),
        driver: fc.constant(driver),
        tasks,
        withPlan: fc.boolean(),
        attended: fc.boolean(),
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
          replans: fc.nat(2),
          repeats: fc.nat(3),
          questionRounds: fc.nat(3),
          questionMs: fc.constantFrom(20_000, 300_000),
          decisionMs: fc.constantFrom(0, 120_000, 3_600_000),
          childrenAtOnce: fc.nat(3),
        }),
        moves: movesOf(driver, maxLength),
      }),
    );
export type Story = ReturnType<typeof story> extends fc.Arbitrary<infer S> ? S : never;

import { describe, expect, test } from 'vitest';
import type { BacktestDocument } from '#contracts';
import type { Recorded } from '#events';
import { goldenEvents, goldenNames, goldenPolicy } from '../../../test/history/golden.ts';
import { routing, submission } from '../../../test/support/facts.ts';
import { createRun, finishedRun } from '../run.testing.ts';
import { judgeRun } from './judge-run.ts';
import { parseAlternative } from './policy.ts';
import { createSum } from './sum.ts';

const ID = 'orch_20260202_143052_a1b2c3d4e5f6';

const backtest = (policy: unknown, ...runs: readonly (readonly Recorded[])[]): BacktestDocument => {
  const alternative = parseAlternative(policy, []);
  const sum = createSum(alternative, null);
  for (const events of runs) sum.add(judgeRun(events[0]?.stream ?? '', events, alternative, () => routing));
  return sum.document();
};

const total = ({ totals }: BacktestDocument, wanted: BacktestDocument['totals'][number]['what']) => {
  const { recorded, policy, unknown } = totals.find(({ what }) => what === wanted) ?? {};
  return { recorded, policy, unknown };
};

describe('a policy', () => {
  const problemsOf = (document: unknown): unknown => {
    try {
      return parseAlternative(document, []);
    } catch (error) {
      return error;
    }
  };

  test('that is wrong is refused with every problem', () =>
    expect(
      problemsOf({
        routing: { confirm_threshold: 2 },
        recovery: { step_tries: 0, patterns: [{ pattern: '(', category: 'transient' }], retries: 1 },
        context: { pools: { plans: { soft: 9, hard: 3 } } },
        routing_table: { verbs: [] },
        colour: 'blue',
      }),
    ).toMatchObject({
      code: 'input.invalid',
      problems: expect.arrayContaining([
        expect.stringMatching(/^routing\.confirm_threshold: /),
        expect.stringMatching(/^recovery\.step_tries: /),
        expect.stringMatching(/^recovery: .*retries/),
        expect.stringMatching(/^context\.pools\.plans: the soft limit is above the hard one/),
        expect.stringMatching(/^routing_table\.verbs: /),
        expect.stringMatching(/colour/),
      ]),
    }));

  test('whose pattern is no regular expression is refused', () =>
    expect(problemsOf({ recovery: { patterns: [{ pattern: 'a(b', category: 'transient' }] } })).toMatchObject({
      problems: ['recovery.patterns.0.pattern: this is not a JavaScript regular expression'],
    }));

  test('that changes nothing is refused', () =>
    expect(problemsOf({ engines: { default: 'auto' } })).toMatchObject({
      problems: [expect.stringContaining('it changes nothing')],
    }));

  test('may be a whole configuration: what decides nothing here is named', () => {
    const { values, notJudged } = parseAlternative(
      { recovery: { step_tries: 3, checkpoint_every: 9 }, engines: { default: 'auto' }, host: { builders: 4 } },
      [],
    );
    expect(values).toEqual([{ key: 'recovery.step_tries', value: 3 }]);
    expect(notJudged).toEqual(['engines', 'host', 'recovery.checkpoint_every']);
  });
});

describe('under the policy that was recorded', () => {
  test.each(goldenNames)('every decision of the golden log %s is the same', (name) => {
    const events = goldenEvents(name);
    const alternative = parseAlternative({ routing: { confirm_threshold: 0.6 }, recovery: { patterns: [] } }, []);
    const sum = createSum(alternative, null);
    sum.add(judgeRun(ID, events, alternative, goldenPolicy));
    const { decisions, stops, changes } = sum.document();
    expect({ drifted: decisions.drifted, stops, changes }).toEqual({
      drifted: [],
      stops: { added: [], avoided: [] },
      changes: [],
    });
  });
});

describe('routes', () => {
  test('below another threshold are confirmed, and the one that was recorded says so beside it', () => {
    const document = backtest({ routing: { confirm_threshold: 0.9 } }, confirmed('Add a health endpoint'));
    expect(total(document, 'confirmations')).toEqual({ recorded: 0, policy: 1, unknown: 0 });
    expect(document.changes).toEqual([
      expect.objectContaining({
        id: ID,
        version: 2,
        what: 'route',
        unknown: false,
        recorded: expect.objectContaining({ workflow: 'plan_then_build', confidence: 0.85, asks: false }),
        policy: expect.objectContaining({ workflow: 'plan_then_build', confidence: 0.85, asks: true }),
      }),
    ]);
  });

  test('under another table are decided anew, and what follows is marked as unknown', () => {
    const verbs = routing.verbs.map((family) =>
      family.words.includes('add') ? { ...family, workflow: 'build_only', confidence: 0.7 } : family,
    );
    const document = backtest({ routing_table: { ...routing, verbs }, recovery: { step_tries: 1 } }, finishedRun(ID));
    expect(document.workflows).toContainEqual({ workflow: 'plan_then_build', recorded: 1, policy: 0 });
    expect(document.workflows).toContainEqual({ workflow: 'build_only', recorded: 0, policy: 1 });
    expect(document.changes.map(({ what, unknown }) => ({ what, unknown }))).toEqual([
      { what: 'route', unknown: false },
      { what: 'recovery', unknown: true },
    ]);
    expect(document.decisions).toMatchObject({ changed: 2, unknown: 1 });
    expect(document.stops.added).toEqual([]);
  });
});

/** Submitted by somebody who may be asked. */
const confirmed = (goal: string): readonly Recorded[] => {
  const run = createRun(ID);
  run.execute({ type: 'submit', submission: submission({ goal }) });
  return run.events;
};

describe('recoveries', () => {
  test('with fewer tries stop a run that completed: a wrong halt, with its id and version', () => {
    const events = finishedRun(ID, { failures: 4 });
    const document = backtest({ recovery: { step_tries: 3 } }, events);
    const third = events.filter(({ type }) => type === 'recovery.decided')[2];
    expect(document.stops).toEqual({
      added: [
        expect.objectContaining({
          id: ID,
          version: third?.version,
          recorded: 'retry',
          policy: 'escalate',
          outcome: 'completed',
        }),
      ],
      avoided: [],
    });
    expect(total(document, 'retries')).toEqual({ recorded: 4, policy: 2, unknown: 0 });
    // The fourth failure would have met nobody: the person who was asked at the third may have done anything.
    expect(total(document, 'escalations')).toEqual({ recorded: 0, policy: 2, unknown: 1 });
  });

  test('with replans replan where a person was asked', () => {
    const document = backtest({ recovery: { step_tries: 2, replans: 1 } }, finishedRun(ID, { failures: 2 }));
    expect(total(document, 'replans')).toEqual({ recorded: 0, policy: 1, unknown: 0 });
    expect(document.stops.added).toEqual([]);
  });

  test('by a pattern of the team take an error for something else', () => {
    const policy = { recovery: { patterns: [{ pattern: 'the pattern said so', category: 'blocker' }] } };
    const untouched = backtest(policy, finishedRun(ID));
    expect(untouched.reclassified).toEqual([]);

    const events = finishedRun(ID).map((event) =>
      event.type === 'failure.recorded'
        ? { ...event, data: { ...event.data, pattern: 'network.unreachable', error: 'the pattern said so' } }
        : event,
    );
    const document = backtest(policy, events);
    expect(document.reclassified).toEqual([
      {
        from: 'transient',
        to: 'blocker',
        pattern: 'own.pattern-a',
        errors: 1,
        example: 'the pattern said so',
        runs: [ID],
      },
    ]);
    expect(document.stops.added).toMatchObject([{ recorded: 'retry', policy: 'escalate', outcome: 'completed' }]);
  });

  test('of what whoever failed said itself no pattern overrules', () => {
    const policy = { recovery: { patterns: [{ pattern: 'ECONNREFUSED', category: 'blocker' }] } };
    const events = finishedRun(ID).map((event) =>
      event.type === 'failure.recorded' ? { ...event, data: { ...event.data, pattern: null } } : event,
    );
    expect(backtest(policy, events)).toMatchObject({ reclassified: [], changes: [] });
  });

  test('of workers that died ask earlier, or go on longer', () => {
    const events = goldenEvents('three-dead-workers-escalate');
    const earlier = backtest({ recovery: { leases_per_attempt: 2 } }, events);
    expect(earlier.stops.added).toMatchObject([{ recorded: 'go_on', policy: 'escalate' }]);
    const later = backtest({ recovery: { leases_per_attempt: 4 } }, events);
    expect(later.stops).toMatchObject({ added: [], avoided: [{ recorded: 'escalate', policy: 'go_on' }] });
  });

  test('that today would be other ones under the recorded policy too are not judged', () => {
    const events = finishedRun(ID).map((event) =>
      event.type === 'recovery.decided' ? { ...event, data: { ...event.data, action: 'escalate' as const } } : event,
    );
    const document = backtest({ recovery: { step_tries: 3 } }, events);
    expect(document.decisions.drifted).toEqual([
      { id: ID, version: events.find(({ type }) => type === 'recovery.decided')?.version },
    ]);
    expect(document.changes).toEqual([]);
  });
});

describe('context', () => {
  const limits = { soft: 1_000, hard: 1_200 };
  const pools = {
    reserved: limits,
    learnings: limits,
    backlog: limits,
    plans: limits,
    context7: limits,
    working: limits,
  };
  const given = (tokens: number) => {
    const run = createRun(ID);
    run.execute({ type: 'submit', submission: submission({ confirm: false }) });
    run.begin();
    run.report(
      { fact: 'context.allocated', data: { pools, total: { soft: 6_000, hard: 7_000 } } },
      {
        fact: 'context.given',
        data: { role: 'planner', work: 'plan', pieces: [{ hash: 'a', source: 'goal', pool: 'working', tokens }] },
      },
    );
    return run.events;
  };

  test('under smaller limits is optimised, or over the hard limit', () => {
    const smaller = (soft: number, hard: number) => ({ context: { pools: { working: { soft, hard } } } });
    const pressed = backtest(smaller(500, 2_000), given(490));
    expect(total(pressed, 'context_warnings')).toEqual({ recorded: 0, policy: 1, unknown: 0 });
    expect(total(pressed, 'context_optimisations')).toEqual({ recorded: 0, policy: 1, unknown: 0 });
    expect(pressed.stops.added).toEqual([]);
    const over = backtest(smaller(100, 200), given(490));
    expect(total(over, 'context_over_limit')).toEqual({ recorded: 0, policy: 1, unknown: 0 });
    expect(over.stops.added).toMatchObject([{ policy: 'over the limit of working' }]);
  });

  test('at the warning makes space in the first call of a lease only', () => {
    const warned = (calls: number) => {
      const run = createRun(ID);
      run.execute({ type: 'submit', submission: submission({ confirm: false }) });
      run.begin();
      const pieces = [{ hash: 'a', source: 'goal', pool: 'working' as const, tokens: 450 }];
      run.report({ fact: 'context.allocated', data: { pools, total: { soft: 6_000, hard: 7_000 } } });
      for (let call = 1; call <= calls; call += 1)
        run.report({ fact: 'context.given', data: { role: 'planner', work: `plan ${call}`, pieces } });
      return run.events;
    };
    const document = backtest({ context: { pools: { working: { soft: 500, hard: 600 } } } }, warned(3));
    expect(total(document, 'context_warnings')).toEqual({ recorded: 0, policy: 3, unknown: 2 });
    expect(total(document, 'context_optimisations')).toEqual({ recorded: 0, policy: 1, unknown: 0 });
  });

  test('under larger limits is under less pressure', () => {
    const document = backtest({ context: { pools: { working: { soft: 5_000, hard: 6_000 } } } }, given(900));
    expect(total(document, 'context_warnings')).toEqual({ recorded: 1, policy: 0, unknown: 0 });
    expect(document.changes).toMatchObject([
      { what: 'context', recorded: { pressure: 'warning' }, policy: { pressure: 'normal' }, work: 'plan', tokens: 900 },
    ]);
  });
});

test('a run whose routing table nobody has is named, and the others are judged', () => {
  const alternative = parseAlternative({ recovery: { step_tries: 3 } }, []);
  const sum = createSum(alternative, null);
  sum.add(judgeRun(ID, finishedRun(ID), alternative, () => null));
  sum.add(judgeRun('orch_20260202_143053_a1b2c3d4e5f6', finishedRun(ID), alternative, () => routing));
  expect(sum.document()).toMatchObject({
    runs: 1,
    unreadable: [{ id: ID, problem: expect.stringContaining('policy-1') }],
  });
});

import { describe, expect, test } from 'vitest';
import { cpuMsOf } from '../../../test/support/cpu-time.ts';
import { planOf } from './plan.testing.ts';
import { validatePlan } from './validate.ts';

describe('a plan that cannot run is refused with every problem', () => {
  test('a sound plan has none', () =>
    expect(validatePlan(planOf([{ id: 'a' }, { id: 'b', depends_on: ['a'] }]))).toEqual([]));

  test.each([
    [
      'an unknown dependency',
      [{ id: 'a', depends_on: ['z'] }],
      ['step a depends on z, which is not a step of this plan'],
    ],
    ['a dependency on itself', [{ id: 'a', depends_on: ['a'] }], ['step a depends on itself']],
    ['two steps of one name', [{ id: 'a' }, { id: 'a' }], ['more than one step is called a']],
    [
      'a cycle, by its path',
      [
        { id: 'x', depends_on: ['a'] },
        { id: 'a', depends_on: ['b'] },
        { id: 'b', depends_on: ['c'] },
        { id: 'c', depends_on: ['a'] },
      ],
      ['steps depend on each other in a cycle: a → b → c → a'],
    ],
    [
      'a step that nobody checks',
      [{ id: 'a', success_criteria: [] }],
      ['step a has no success criterion: say how to check that it is done'],
    ],
    [
      'an edit of a file that was deleted before',
      [
        {
          id: 'a',
          operations: [
            { op: 'delete', path: 'x.ts' },
            { op: 'edit', path: 'x.ts', find: 'a', replace: 'b' },
          ],
        },
      ],
      ['step a: edit x.ts comes after delete took that file away'],
    ],
    [
      'a move onto itself',
      [{ id: 'a', operations: [{ op: 'move', from: 'x.ts', to: 'x.ts' }] }],
      ['step a: moves x.ts onto itself'],
    ],
    [
      'an edit that changes nothing',
      [{ id: 'a', operations: [{ op: 'edit', path: 'x.ts', find: 'a', replace: 'a' }] }],
      ['step a: an edit of x.ts replaces a text with itself'],
    ],
    [
      'a pattern that does not compile',
      [
        {
          id: 'a',
          success_criteria: [{ criterion: 'has it', verification: { type: 'file_contains', path: 'x', pattern: '(' } }],
        },
      ],
      ['step a: "(" is not a regular expression'],
    ],
    [
      'a check in a browser that nobody could carry out',
      [
        {
          id: 'a',
          success_criteria: [
            {
              criterion: 'it shows',
              verification: {
                type: 'browser',
                url: 'localhost:3000/x',
                actions: [
                  { action: 'type', target: '#name' },
                  { action: 'click', target: ' ' },
                ],
                assertions: ['contains: Hello', 'no console errors', 'title:'],
              },
            },
            { criterion: 'it shows', verification: { type: 'browser', url: '../x.html', assertions: [] } },
            {
              criterion: 'it shows',
              verification: { type: 'browser', url: 'http://127.0.0.1:{port}/', assertions: ['x'] },
            },
            {
              criterion: 'it shows',
              verification: { type: 'browser', url: 'x.html', serve: 'npm start', assertions: ['x'] },
            },
          ],
        },
      ],
      [
        'step a: "localhost:3000/x" is neither an address nor a path: did you mean http://localhost:3000/x?',
        'step a: the action type has no value for #name',
        'step a: the action click has no target',
        expect.stringContaining('step a: the assertion "contains: Hello" is not understood: expected text: …,'),
        expect.stringContaining('step a: the assertion "no console errors" is not understood'),
        'step a: the assertion "title:" names nothing',
        'step a: "../x.html": a path cannot leave the workspace',
        'step a: a check in a browser asserts something: say what the page shows',
        'step a: "http://127.0.0.1:{port}/" has a {port}, which only serve fills in: name the command that serves the page',
        'step a: "x.html" is a path, and serve is for an address: http://127.0.0.1:{port}/',
      ],
    ],
  ] as const)('%s', (_name, steps, problems) => {
    expect(validatePlan(planOf(JSON.parse(JSON.stringify(steps))))).toEqual(problems);
  });

  test('a file that is made again can be edited', () => {
    const operations = [
      { op: 'delete', path: 'x.ts' },
      { op: 'write', path: 'x.ts', content: 'a' },
      { op: 'edit', path: 'x.ts', find: 'a', replace: 'b' },
    ] as const;
    expect(validatePlan(planOf([{ id: 'a', operations: [...operations] }]))).toEqual([]);
  });

  test('criteria of one name and an empty gate', () => {
    const criterion = {
      id: 'AC-1',
      criterion: 'c',
      priority: 'must',
      verification: { type: 'command', command: 'true' },
    } as const;
    expect(
      validatePlan(
        planOf([{ id: 'a' }], { acceptance_criteria: [criterion, criterion], quality_gates: { lint: '  ' } }),
      ),
    ).toEqual([
      'more than one acceptance criterion is called AC-1',
      "gate lint has an empty command: name one, or use true for the repository's own, false for none",
    ]);
  });

  test('several problems are all told', () => {
    expect(validatePlan(planOf([{ id: 'a', depends_on: ['a', 'z'], success_criteria: [] }]))).toHaveLength(3);
  });
});

test('a chain of 500 steps that closes into a cycle is judged in milliseconds', () => {
  const plan = planOf(Array.from({ length: 500 }, (_, i) => ({ id: `s${i}`, depends_on: [`s${(i + 1) % 500}`] })));
  expect(cpuMsOf(() => validatePlan(plan))).toBeLessThan(200);
  expect(validatePlan(plan)[0]).toMatch(/cycle: s0 → s1 → .* → s499 → s0$/);
});

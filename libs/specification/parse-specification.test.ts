import { describe, expect, test } from 'vitest';
import { ProjectMap } from '#contracts';
import { validateMap } from '#domain';
import { parseSpecification } from './parse-specification.ts';

const mapOf = (markdown: string): ProjectMap => {
  const { map, problems } = parseSpecification(markdown);
  expect(problems).toEqual([]);
  if (map === null) throw new Error('this text has tasks');
  expect(ProjectMap.safeParse(map)).toMatchObject({ success: true });
  return map;
};
const tasksOf = (markdown: string) => mapOf(markdown).tasks;

const SHOP = `# Shop

What we sell is in the cellar.

## Accounts

People have one.

### Sign in

- [ ] Add a login page (effort: S) (priority: 1) (files: \`src/login/**\`, test/login.test.ts)
  It has no picture.
  - it refuses an empty password
  - it says why
- [ ] T7: Remember me (depends on: T1) (value: 5) (check: \`npm test\`)
- [x] Choose a name

### Sign out
- [ ] Add a button (depends on: T1, T2)

## Orders
- [ ] List orders (after: T7)

Notes:
- not a task
`;

describe('a specification', () => {
  test('has epics and features from its headings, and tasks from its boxes', () => {
    const map = mapOf(SHOP);
    expect(map.epics).toEqual([
      { id: 'E1', title: 'Accounts', description: 'People have one.' },
      { id: 'E2', title: 'Orders', description: expect.stringContaining('Notes:') },
    ]);
    expect(map.features.map(({ id, epic, title }) => [id, epic, title])).toEqual([
      ['F1', 'E1', 'Sign in'],
      ['F2', 'E1', 'Sign out'],
      ['F3', 'E2', 'Orders'],
    ]);
    expect(map.tasks.map(({ id, title, feature }) => [id, title, feature])).toEqual([
      ['T1', 'Add a login page', 'F1'],
      ['T7', 'Remember me', 'F1'],
      ['T3', 'Add a button', 'F2'],
      ['T4', 'List orders', 'F3'],
    ]);
    expect(validateMap(map)).toEqual([]);
  });

  test('says what it says about a task in brackets and below it', () =>
    expect(tasksOf(SHOP)[0]).toEqual({
      id: 'T1',
      title: 'Add a login page',
      description: 'It has no picture.',
      feature: 'F1',
      depends_on: [],
      effort: 'S',
      priority: 1,
      value: 3,
      acceptance: [{ criterion: 'it refuses an empty password' }, { criterion: 'it says why' }],
      files: ['src/login/**', 'test/login.test.ts'],
      goal: null,
      plan: null,
    }));

  test('can give a task its check', () =>
    expect(tasksOf(SHOP)[1]).toMatchObject({
      depends_on: ['T1'],
      value: 5,
      acceptance: [{ criterion: '`npm test` passes', verification: { type: 'command', command: 'npm test' } }],
    }));

  test('names what comes before with or without a colon', () =>
    expect(
      tasksOf('- one\n- two (after T1)\n- three (depends on T1, T2)\n- look after them (after all)\n'),
    ).toMatchObject([
      { depends_on: [] },
      { title: 'two', depends_on: ['T1'] },
      { title: 'three', depends_on: ['T1', 'T2'] },
      { title: 'look after them (after all)', depends_on: [] },
    ]));

  test('waits for nothing that is ticked off', () =>
    expect(tasksOf('- [x] one\n- [ ] two (depends on: T1)\n')).toMatchObject([{ id: 'T2', depends_on: [] }]));

  test('without boxes asks for every item of its lists', () =>
    expect(tasksOf('# A\n* one\n* two\n\n# B\n1. three\n').map(({ title, feature }) => [title, feature])).toEqual([
      ['one', 'F1'],
      ['two', 'F1'],
      ['three', 'F2'],
    ]));

  test('may have no heading at all', () =>
    expect(mapOf('- one\n- two\n')).toMatchObject({ epics: [], features: [], tasks: [{ feature: null }, {}] }));

  test('of prose names no task', () =>
    expect(parseSpecification('# Shop\n\nWe want a shop.\n')).toEqual({ map: null, problems: [] }));

  test('keeps brackets that say nothing to us', () =>
    expect(tasksOf('- Add a page (with a picture) for (T1)\n')[0]?.title).toBe('Add a page (with a picture) for (T1)'));

  test('a title that is too long is whole in the description', () => {
    const long = 'word '.repeat(60).trim();
    const [task] = tasksOf(`- ${long}\n`);
    expect(task?.title).toHaveLength(200);
    expect(task?.description).toBe(long);
  });
});

test('what cannot be understood is listed, all of it', () => {
  const { problems } = parseSpecification('- one (effort: huge) (priority: 9)\n- two (depends on: the first)\n');
  expect(problems).toEqual([
    '"one": (effort: huge) is not understood: it is XS, S, M, L or XL',
    '"one": (priority: 9) is not understood: it is a number from 1 to 5',
    '"two": (depends on: the first) is not understood: it names tasks, as in T1, T2',
  ]);
});

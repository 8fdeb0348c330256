import picomatch from 'picomatch';
import { describe, expect, test } from 'vitest';
import { planOf } from '../../../test/support/facts.ts';
import { fc } from '../../../test/support/fast-check.ts';
import { task } from './children.testing.ts';
import { shareFiles } from './share-files.ts';

const share = (a: readonly string[], b: readonly string[]): boolean =>
  shareFiles(task('T1', { files: [...a] }), task('T2', { files: [...b] }));

describe('two tasks share files', () => {
  test.each([
    ['the same file', 'src/a.ts', 'src/a.ts'],
    ['a file of a folder', 'src', 'src/api/a.ts'],
    ['a file of a folder with a slash', 'lib.v2/', 'lib.v2/a.ts'],
    ['everything', '.', 'README.md'],
    ['any depth', 'src/**', 'src/api/users/a.ts'],
    ['any depth, none too', 'src/**/a.ts', 'src/a.ts'],
    ['a pattern of a name', '*.ts', 'a.ts'],
    ['two patterns that one name fits', 'src/a*.ts', 'src/*b.ts'],
    ['alternatives, of any depth', 'src/{api,web/pages}/*.ts', 'src/web/pages/a.ts'],
    ['a group', 'src/+(a|b).ts', 'src/a.ts'],
    ['all but a group', 'src/!(a).ts', 'src/b.ts'],
    ['all but a group, at the top', '!(a).ts', 'b.ts'],
    ['a class', 'src/[ab].ts', 'src/a.ts'],
    ['a class that a slash is in', 'src[+-9]a.ts', 'src/a.ts'],
    ['alternatives of whole paths', 'src/a.ts|lib/b.ts', 'lib/b.ts'],
    ['another letter case, as some file systems do', 'README.md', 'readme.md'],
    ['another spelling of one path', './src//a.ts', 'src/a.ts'],
  ])('%s', (_what, a, b) => {
    expect(share([a], [b])).toBe(true);
    expect(share([b], [a])).toBe(true);
  });
  test.each([
    ['two files', 'src/a.ts', 'src/b.ts'],
    ['two folders', 'src/api', 'src/web'],
    ['a folder and a file that begins like it', 'src/api', 'src/api.ts'],
    ['a name in one folder alone', '*.ts', 'src/a.ts'],
    ['two kinds of files', 'src/**/*.ts', 'src/**/*.css'],
    ['a pattern and a name that does not fit', 'src/a*.ts', 'src/b.ts'],
    ['names under two folders that are written as classes', 'app/[id]/page.tsx', 'app/[id]/layout.tsx'],
    ['a group in one folder and a file in another', 'src/@(a|b)/*.ts', 'lib/a/b.ts'],
  ])('not with %s', (_what, a, b) => {
    expect(share([a], [b])).toBe(false);
    expect(share([b], [a])).toBe(false);
  });
  test('when any of one meets any of the other', () => {
    expect(share(['a.ts', 'b.ts'], ['c.ts', 'b.ts'])).toBe(true);
    expect(share(['a.ts', 'b.ts'], ['c.ts', 'd.ts'])).toBe(false);
  });
  test('never when one declares nothing, or only what it leaves alone', () => {
    expect(share([], ['**'])).toBe(false);
    expect(share(['!src/**'], ['src/a.ts'])).toBe(false);
  });
  test('also by what their plans write, edit, delete and move', () => {
    const [step] = planOf(1).steps;
    if (!step) throw new Error('a plan of one step has one');
    const writing = (...operations: NonNullable<typeof step.operations>) =>
      task('T1', { plan: { ...planOf(1), steps: [{ ...step, operations }] } });
    const other = task('T2', { files: ['src/a.ts'] });
    expect(shareFiles(writing({ op: 'write', path: 'src/a.ts', content: '' }), other)).toBe(true);
    expect(shareFiles(writing({ op: 'edit', path: 'src/a.ts', find: 'a', replace: 'b' }), other)).toBe(true);
    expect(shareFiles(writing({ op: 'delete', path: 'src/a.ts' }), other)).toBe(true);
    expect(shareFiles(writing({ op: 'move', from: 'src/a.ts', to: 'src/c.ts' }), other)).toBe(true);
    expect(shareFiles(writing({ op: 'move', from: 'src/c.ts', to: 'src/a.ts' }), other)).toBe(true);
    expect(shareFiles(writing({ op: 'run', command: 'touch src/a.ts' }), other)).toBe(false);
  });
});

describe('whatever patterns are declared', () => {
  // Few letters, so that what is put in instead of some of them often matches the rest.
  const name = fc
    .string({ unit: fc.constantFrom('a', 'b', '.', '-'), minLength: 1, maxLength: 4 })
    .filter((text) => text !== '.' && text !== '..');
  const path = fc.array(name, { minLength: 1, maxLength: 3 });

  const WILD = ['*', '**', '***', '?', '?*', '[ab]', '[!a]', '[^b]', '[a-b]', '[+-b]', '[a/b]', '[]', '[[:alpha:]]'];
  const wild = (text: string) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...WILD) },
      { weight: 1, arbitrary: fc.constant(`[${text.charAt(0)}]`) },
      { weight: 1, arbitrary: fc.constantFrom('\\', '|', '(', '{', '[', '!').map((sign) => `${sign}${text}`) },
      { weight: 1, arbitrary: path.map((other) => `{${text},${other.join('/')}}`) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('', '@', '?', '*', '+', '!'), path)
          .map(([kind, other]) => `${kind}(${text}|${other.join('/')})`),
      },
    );
  /** The name, or something else in the place of some of its letters. */
  const widened = (text: string) =>
    fc.oneof(
      { weight: 2, arbitrary: fc.constant(text) },
      { weight: 1, arbitrary: fc.constantFrom('*', '**') },
      {
        weight: 3,
        arbitrary: fc
          .tuple(fc.nat(text.length - 1), fc.nat(text.length))
          .chain(([from, length]) =>
            wild(text.slice(from, from + length)).map(
              (instead) => `${text.slice(0, from)}${instead}${text.slice(from + length)}`,
            ),
          ),
      },
    );
  /** Patterns that mostly match this path; now and then with any folders put in, or in the place of some. */
  const globOf = (names: readonly string[]) =>
    fc
      .tuple(fc.tuple(...names.map(widened)), fc.nat(names.length), fc.nat(5))
      .map(([segments, at, what]) => (what < 2 ? segments.toSpliced(at, what, '**') : segments).join('/'))
      .filter((glob) => !/^!(?!\()/.test(glob));
  const told = path.chain((names) => fc.tuple(fc.constant(names.join('/')), globOf(names), globOf(names)));

  const matches = (text: string, glob: string): boolean => picomatch.isMatch(text, glob, { dot: true });

  test('two of them that match one path share files', async () => {
    let met = 0;
    await fc.assert(
      fc.property(told, ([text, a, b]) => {
        if (!matches(text, a) || !matches(text, b)) return;
        met += 1;
        expect(share([a], [b]), `${a} and ${b} both match ${text}`).toBe(true);
        expect(share([b], [a]), `${b} and ${a} both match ${text}`).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    expect(met).toBeGreaterThan(200);
  });
});

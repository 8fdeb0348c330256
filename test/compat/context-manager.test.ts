import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scriptIn } from './scripts.ts';

const HOUR_MS = 3_600_000;
/** Where it is noon, so that no day ends between two lines of a test. */
const hoursAhead = 12 - new Date().getUTCHours();
// The sign is what is added to get to Greenwich.
const TZ = `Etc/GMT${hoursAhead > 0 ? '-' : '+'}${Math.abs(hoursAhead)}`;
const script = () => scriptIn('context-manager.sh', { TZ });
const { folder, run, put } = script();

/** The day that it was there so many days ago. */
const daysAgo = (days: number): string =>
  new Date(Date.now() + (hoursAhead - 24 * days) * HOUR_MS).toISOString().slice(0, 10);

describe('estimate', () => {
  const estimates = (name: string, text: string) => Number(run('estimate', put(name, text)).out);

  test('Markdown is its words × 1.3, as a whole number', () => {
    expect(estimates('ten.md', 'one two three four five\nsix seven eight nine ten\n')).toBe(13);
    expect(estimates('eleven.md', 'one two three four five six seven eight nine ten eleven')).toBe(14);
  });

  test('JSON is its characters / 3.3, as a whole number', () => {
    expect(estimates('even.json', `"${'x'.repeat(31)}"`)).toBe(10);
    expect(estimates('less.json', `"${'x'.repeat(30)}"`)).toBe(9);
  });

  test('code and everything else is its characters / 4, as a whole number', () => {
    expect(estimates('code.ts', 'x'.repeat(11))).toBe(2);
    expect(estimates('notes.txt', 'x'.repeat(12))).toBe(3);
    expect(estimates('Makefile', 'é'.repeat(8))).toBe(2);
    expect(estimates('faces.txt', '😀'.repeat(8))).toBe(2);
  });

  test('an empty file has none', () => {
    expect(estimates('empty.md', '')).toBe(0);
  });

  test('the number is all that is printed', () => {
    put('plain.txt', 'x'.repeat(40));
    expect(run('estimate', 'plain.txt')).toEqual({ code: 0, out: '10\n', err: '' });
  });

  test('a missing file is "File not found", exit 1', () => {
    expect(run('estimate', 'nowhere.md')).toEqual({ code: 1, out: '', err: '[Context] File not found: nowhere.md\n' });
  });
});

describe('tier', () => {
  test.each([
    [0, 'tier1', 'full'],
    [29, 'tier1', 'full'],
    [30, 'tier2', 'summary'],
    [90, 'tier2', 'summary'],
    [91, 'tier3', 'index'],
    [400, 'tier3', 'index'],
  ])('a date %d days ago is %s, which shows the %s', (days, tier, shows) => {
    expect(run('tier', daysAgo(days))).toEqual({ code: 0, out: `${tier}\n${shows}\n`, err: '' });
  });

  test('a date to come is tier1', () => {
    expect(run('tier', '2999-01-01').out).toBe('tier1\nfull\n');
  });

  test.each(['not-a-date', '2026-02-30', '2026-13-01', '2026-1-1', '20260101'])(
    '%s is "Invalid date", exit 1',
    (date) => {
      const { code, out, err } = run('tier', date);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(`[Context] Invalid date: ${date}`);
    },
  );
});

describe('scan', () => {
  const project = script();
  const entry = (date: string) => `## ${date}: something\n\nlearned\n\n`;
  project.put('studio/learnings/global.md', entry(daysAgo(1)) + entry(daysAgo(2)) + entry(daysAgo(60)));
  project.put('studio/learnings/backend.md', `# Backend\n\n${entry(daysAgo(200))}## Undated\n`);

  test('counts the entries of each tier, and names those that are due', () => {
    const { code, out, err } = project.run('scan');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('LEARNINGS CONTEXT SCAN');
    expect(out).toMatch(/^Tier 1 \(Full\): +2 entries/m);
    expect(out).toMatch(/^Tier 2 \(Summary\): +1 entry/m);
    expect(out).toMatch(/^Tier 3 \(Index\): +1 entry/m);
    expect(out).toContain(`  - global:${daysAgo(60)}\n`);
    expect(out).toContain(`  - backend:${daysAgo(200)}\n`);
  });

  test('of one domain counts only its entries', () => {
    const { out } = project.run('scan', 'backend');
    expect(out).toMatch(/^Tier 1 \(Full\): +0 entries/m);
    expect(out).toMatch(/^Tier 3 \(Index\): +1 entry/m);
  });

  test('says "not found" where there is no directory or no such domain, exit 0', () => {
    const { code, out, err } = run('scan');
    expect(code).toBe(0);
    expect(out).toContain('LEARNINGS CONTEXT SCAN');
    expect(err).toBe('[Context] Learnings directory not found: studio/learnings\n');
    expect(project.run('scan', 'frontend')).toMatchObject({ code: 0, err: expect.stringContaining('not found') });
  });
});

describe('summarize', () => {
  put(
    'learned.md',
    '# Global\n\n## 2026-01-31: Lock before write\n\nTwo writers lost a line.\n\n## 2026-02-01: Next\n\nOther.\n',
  );

  test('prints what to ask a model for a shorter version of one entry', () => {
    const { code, out, err } = run('summarize', 'learned.md', '2026-01-31');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('## 2026-01-31: Lock before write\n\nTwo writers lost a line.');
    expect(out).not.toContain('Other.');
    expect(out).toContain('learned.md#2026-01-31');
  });

  test('a missing file and a missing entry are told, exit 1', () => {
    expect(run('summarize', 'nowhere.md', '2026-01-31')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('File not found'),
    });
    expect(run('summarize', 'learned.md', '2020-01-01')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('Entry not found'),
    });
  });
});

describe('the cache of summaries', () => {
  test('cache-set keeps a file, and cache-get prints it', () => {
    const { code, out } = run('cache-set', 'global:2026-01-31', 'Lock first.');
    expect([code, out]).toEqual([0, '[Context] Cached summary: global:2026-01-31\n']);
    expect(readFileSync(join(folder, '.studio/.cache/summaries/global:2026-01-31.md'), 'utf8')).toBe('Lock first.\n');
    expect(run('cache-get', 'global:2026-01-31')).toEqual({ code: 0, out: 'Lock first.\n', err: '' });
  });

  test('a later summary replaces an earlier one', () => {
    run('cache-set', 'twice', 'first');
    run('cache-set', 'twice', 'second');
    expect(run('cache-get', 'twice').out).toBe('second\n');
  });

  test('cache-get of a missing key prints nothing, exit 1', () => {
    expect(run('cache-get', 'nothing')).toMatchObject({ code: 1, out: '' });
  });

  test('a key with a path in it is refused', () => {
    expect(run('cache-set', '../../elsewhere', 'x')).toMatchObject({ code: 1, out: '' });
    expect(run('cache-get', '../../elsewhere')).toMatchObject({ code: 1, out: '' });
  });

  test('a key that no file can have is told without a stack', () =>
    expect(run('cache-set', 'x'.repeat(300), 'x')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^\[Context\] ENAMETOOLONG: .*\n$/),
    }));
});

describe('optimize', () => {
  test('of learnings, which is the default, scans and says how to go on', () => {
    const project = script();
    project.put('studio/learnings/global.md', `## ${daysAgo(60)}: old\n\ntext\n`);
    const { code, out, err } = project.run('optimize');
    expect(code).toBe(0);
    expect(out).toContain(`  - global:${daysAgo(60)}\n`);
    expect(err).toContain('summarize <file> <date>');
    expect(project.run('optimize', 'learnings').out).toBe(out);
  });

  test('of another pool says who does it; of an unknown one is refused', () => {
    expect(run('optimize', 'plans')).toMatchObject({ code: 0, err: expect.stringContaining('[Context]') });
    expect(run('optimize', 'elsewhere')).toMatchObject({ code: 1, err: expect.stringContaining('Unknown pool') });
  });
});

test('status prints both reports', () => {
  const { code, out } = run('status');
  expect(code).toBe(0);
  expect(out).toContain('CONTEXT BUDGET STATUS');
  expect(out).toContain('LEARNINGS CONTEXT SCAN');
});

test('help is titled STUDIO Context Manager and names every command; so is no command at all', () => {
  const { code, out } = run('help');
  expect(code).toBe(0);
  expect(out.startsWith('STUDIO Context Manager\n')).toBe(true);
  expect(out).toContain('Usage:');
  for (const command of ['estimate', 'budget', 'tier', 'scan', 'summarize', 'cache-get', 'cache-set', 'optimize'])
    expect(out).toContain(`  ${command} `);
  expect(run()).toEqual(run('help'));
  expect(run('--help')).toEqual(run('help'));
});

test('an unknown command is told with the help, exit 1', () => {
  const { code, out, err } = run('frobnicate');
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('[Context] Unknown command: frobnicate');
  expect(err).toContain('STUDIO Context Manager');
});

test.each([
  [['estimate'], 'estimate <file>'],
  [['estimate', ''], 'estimate <file>'],
  [['tier'], 'tier <date>'],
  [['summarize'], 'summarize <file> <entry>'],
  [['summarize', 'learned.md'], 'summarize <file> <entry>'],
  [['cache-get'], 'cache-get <key>'],
  [['cache-set'], 'cache-set <key> <content>'],
  [['cache-set', 'key'], 'cache-set <key> <content>'],
])('%j lacks an argument: usage, exit 1', (args, usage) => {
  expect(run(...args)).toEqual({ code: 1, out: '', err: `[Context] Usage: context-manager.sh ${usage}\n` });
});

test('it works through a symbolic link, and reading writes nothing', () => {
  const project = script();
  const link = join(project.folder, 'cm');
  symlinkSync(new URL('../../scripts/context-manager.sh', import.meta.url).pathname, link);
  expect(spawnSync('sh', ['cm', 'status'], { cwd: project.folder, encoding: 'utf8' }).stdout).toContain('TOTAL');
  expect(readdirSync(project.folder)).toEqual(['cm']);
});

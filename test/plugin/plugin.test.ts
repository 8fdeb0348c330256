import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { HELP as CONTEXT_HELP } from '../../cli/compat/context-manager/help.ts';
import { HELP as ORCHESTRATOR_HELP } from '../../cli/compat/orchestrator/help.ts';
import { groups } from '../../cli/program.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PLUGIN = join(ROOT, 'plugin');

const pages = readdirSync(PLUGIN, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.md'));
const commandPages = pages.filter((path) => path.startsWith('commands/'));
const textOf = (page: string): string => readFileSync(join(PLUGIN, page), 'utf8');

const frontMatterOf = (page: string): unknown => {
  const [, matter = ''] = /^---\n([\s\S]*?)\n---\n/.exec(textOf(page)) ?? [];
  return parse(matter);
};

const Description = z.string().min(20).max(300);
const CommandMatter = z.strictObject({
  name: z.string(),
  description: Description,
  'argument-hint': z.string(),
  'allowed-tools': z.string(),
});
const SkillMatter = z.strictObject({
  name: z.string(),
  description: Description,
  triggers: z.array(z.string()),
});

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

test('the manifest says what the package says, and lies where coding agents look for it', () => {
  const Manifest = z.strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]*$/),
    version: z.string(),
    description: Description,
    author: z.strictObject({ name: z.string() }),
    license: z.string(),
    keywords: z.array(z.string()),
  });
  const { name, version, license } = Manifest.parse(json(join(PLUGIN, '.claude-plugin', 'plugin.json')));
  const ours = z.looseObject({ files: z.array(z.string()) }).parse(json(join(ROOT, 'package.json')));
  expect({ name, version, license }).toEqual({ name: ours.name, version: ours.version, license: ours.license });
  expect(ours.files).toEqual(expect.arrayContaining(['plugin', 'bin', 'dist', 'scripts/*.sh']));
});

test('there are /build, /orchestrate and /project:run, each under its own name', () => {
  const names = commandPages.map((page) => CommandMatter.parse(frontMatterOf(page)).name);
  expect(names.sort()).toEqual(['build', 'orchestrate', 'project:run']);
  for (const page of commandPages)
    expect(`commands/${CommandMatter.parse(frontMatterOf(page)).name.replace(':', '/')}.md`).toBe(page);
});

test('a command may call studio and nothing else', () => {
  for (const page of commandPages)
    expect(CommandMatter.parse(frontMatterOf(page))['allowed-tools']).toBe('Bash(studio:*), Bash(npx studio:*)');
});

test('the skill is triggered by orchestrate, coordinate, workflow and multi-agent', () => {
  const page = join('skills', 'orchestration', 'SKILL.md');
  const { name, triggers } = SkillMatter.parse(frontMatterOf(page));
  expect([name, triggers]).toEqual([basename(dirname(page)), ['orchestrate', 'coordinate', 'workflow', 'multi-agent']]);
});

test.each(['build', 'orchestrate'])('/%s without a goal asks for it', (name) =>
  expect(textOf(`commands/${name}.md`)).toMatch(/ask (for it|"What shall be built\?").* and stop until it is\s+there/),
);

describe('every command line', () => {
  interface Known {
    readonly words: readonly string[];
    readonly flags: ReadonlySet<string>;
  }
  const known: readonly Known[] = groups
    .flatMap(({ commands }) => commands)
    .map(({ usage, options = [] }) => ({
      words: usage.split(' ').filter((word) => !/^[[<]/.test(word)),
      flags: new Set([...options.flatMap(({ flags }) => flags.match(/--[a-z-]+/g) ?? []), '--json', '--help']),
    }));

  /** The command with the most words that this line begins with. */
  const commandOf = (words: readonly string[]): Known | undefined =>
    known
      .filter((command) => command.words.every((word, index) => words[index] === word))
      .toSorted((a, b) => b.words.length - a.words.length)[0];

  /** Code in the text and in blocks, and what of it is a command line. */
  const linesOf = (page: string): readonly string[] => {
    const text = textOf(page).replace(/^---\n[\s\S]*?\n---\n/, '');
    const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.split('\n'));
    const spans = [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
    return [...blocks, ...spans].map((line) =>
      line
        .replace(/\s+#.*$/, '')
        .replace(/^npx /, '')
        .trim(),
    );
  };

  test.each(pages)('of %s is one that studio has, with options that it has', (page) => {
    const lines = linesOf(page).filter((line) => line.startsWith('studio '));
    for (const line of lines) {
      const words = line.split(/\s+/).slice(1);
      const command = commandOf(words);
      expect(command, `${page}: ${line}`).toBeDefined();
      for (const flag of line.match(/--[a-z-]+/g) ?? [])
        expect(command?.flags.has(flag), `${page}: ${line} has ${flag}`).toBe(true);
    }
  });

  test.each(pages)('of %s that calls a script names one of its commands', (page) => {
    const helps = { orchestrator: ORCHESTRATOR_HELP, 'context-manager': CONTEXT_HELP };
    for (const line of linesOf(page)) {
      const [, script, command] = /^scripts\/(orchestrator|context-manager)\.sh (\S+)/.exec(line) ?? [];
      if (script !== 'orchestrator' && script !== 'context-manager') continue;
      expect(existsSync(join(ROOT, 'scripts', `${script}.sh`))).toBe(true);
      expect(helps[script], `${page}: ${line}`).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    }
  });

  test('that /orchestrate stands for is the command of that name', () => {
    const firstColumn = [...textOf('commands/orchestrate.md').matchAll(/^\| ((?:`[a-z]+`(?:, )?)+) \|/gm)];
    const words = firstColumn.flatMap(([, cell = '']) => cell.replaceAll('`', '').split(', '));
    expect(words.length).toBeGreaterThan(10);
    for (const word of words)
      expect(
        known.some(({ words: [first] }) => first === word),
        word,
      ).toBe(true);
  });
});

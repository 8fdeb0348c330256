import { readdirSync, readFileSync } from 'node:fs';
import picomatch from 'picomatch';
import { parse } from 'yaml';
import * as z from 'zod';
import { code, type Generator, page } from './generator.ts';
import { type Rule, rulesIn } from './test-rules.ts';

/** `docs/behaviours.yaml`: what Studio does, by the parts of its specification, and the tests that hold it to it. */
const Parts = z.array(
  z.strictObject({
    part: z.string().min(1),
    behaviours: z
      .array(
        z.strictObject({
          behaviour: z.string().min(1),
          command: z.string().min(1).describe('what a person types to have it'),
          tests: z.array(z.string().min(1)).min(1).describe('globs of test files'),
        }),
      )
      .min(1),
  }),
);
type Part = z.infer<typeof Parts>[number];
type Behaviour = Part['behaviours'][number];

const ROOT = new URL('../../', import.meta.url);
const FOLDERS = ['libs', 'services', 'cli', 'recipes', 'scripts', 'test'];
const IS_TEST = /\.(?:test|contract)\.ts$/;

const testFiles = (): readonly string[] =>
  FOLDERS.flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })
      .filter((name) => IS_TEST.test(name))
      .map((name) => `${folder}/${name}`),
  ).sort();

const rulesOf = (file: string): readonly Rule[] => rulesIn(file, readFileSync(new URL(file, ROOT), 'utf8'));

const lineOf = ({ groups, title }: Rule): string => `- ${[...groups, title].join(' · ')}`;

const paragraphs = (behaviour: Behaviour, files: readonly string[]): readonly string[] => {
  const rules = files.flatMap(rulesOf);
  if (rules.length === 0)
    throw new Error(`docs/behaviours.yaml: no test states a rule of "${behaviour.behaviour}"; correct its tests`);
  return [`### ${behaviour.behaviour}`, code(behaviour.command), rules.map(lineOf).join('\n')];
};

/** Every behaviour with its files. @throws {Error} a test file that no behaviour names, or a glob that names none */
const assign = (parts: readonly Part[], files: readonly string[]): ReadonlyMap<Behaviour, readonly string[]> => {
  const unused = new Set(files);
  const assigned = new Map<Behaviour, readonly string[]>();
  for (const behaviour of parts.flatMap(({ behaviours }) => behaviours)) {
    const mine = files.filter((file) => picomatch.isMatch(file, behaviour.tests));
    for (const file of mine) unused.delete(file);
    assigned.set(behaviour, mine);
  }
  if (unused.size > 0)
    throw new Error(
      `docs/behaviours.yaml: say what is tested by ${[...unused].join(', ')}: each file has its behaviour`,
    );
  return assigned;
};

export const behaviours: Generator = {
  page: 'behaviours.md',
  about: 'everything that Studio does, the command that does it, and the rules that its tests state',
  generate: async () => {
    const parts = Parts.parse(parse(readFileSync(new URL('docs/behaviours.yaml', ROOT), 'utf8')));
    const files = assign(parts, testFiles());
    return page(
      'Behaviours',
      'What Studio does, part by part, with the command for it. Each line is the title of a test that runs with `npm test`; a gap (…) stands for the rows of a table.',
      ...parts.flatMap(({ part, behaviours: all }) => [
        `## ${part}`,
        ...all.flatMap((behaviour) => paragraphs(behaviour, files.get(behaviour) ?? [])),
      ]),
    );
  },
};

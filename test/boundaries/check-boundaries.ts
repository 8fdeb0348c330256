import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import packageJson from '../../package.json' with { type: 'json' };

export const repository = fileURLToPath(new URL('../../', import.meta.url));

// The cast: a CommonJS configuration file has no types of its own.
const rules = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IConfiguration;
export const ruleNames: readonly string[] = (rules.forbidden ?? []).map((rule) => rule.name ?? '(unnamed)');

/** Path in the repository to content. */
export type Tree = Readonly<Record<string, string>>;

/** Runs the rules of this repository over `folders` below `directory`, as `npm run boundaries` does. */
const checkBoundaries = async (directory: string, folders: readonly string[]): Promise<ICruiseResult> => {
  const { options, ...ruleSet } = rules;
  const { enhancedResolveOptions, ...cruiseOptions } = options ?? {};
  const { output } = await cruise(
    [...folders],
    { ...cruiseOptions, baseDir: directory, validate: true, ruleSet },
    enhancedResolveOptions,
  );
  if (typeof output === 'string') throw new Error(`expected a result document, got a report: ${output.slice(0, 200)}`);
  return output;
};

/** Writes `tree` beside this repository's package.json and node_modules, checks it, and removes it again. */
export const checkTree = async (tree: Tree): Promise<ICruiseResult> => {
  const directory = await mkdtemp(join(tmpdir(), 'studio-boundaries-'));
  try {
    await writeFile(join(directory, 'package.json'), JSON.stringify(packageJson));
    await symlink(join(repository, 'node_modules'), join(directory, 'node_modules'));
    for (const [path, content] of Object.entries(tree)) {
      await mkdir(join(directory, dirname(path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    const folders = new Set(Object.keys(tree).map((path) => path.split('/')[0] ?? path));
    return await checkBoundaries(directory, [...folders]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** Names of the rules that were broken, each once. */
export const brokenRules = ({ summary }: ICruiseResult): readonly string[] =>
  [...new Set(summary.violations.map((violation) => violation.rule.name))].sort();

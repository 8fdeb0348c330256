/**
 * Writes `docs/reference/` from what the code itself reads. `npm run docs` writes, `npm run docs -- --check` only
 * compares and fails when a page differs, is missing, or is made by no generator.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { behaviours } from './docs/behaviours.ts';
import { cli } from './docs/cli.ts';
import { configuration } from './docs/configuration.ts';
import { engines } from './docs/engines.ts';
import { errors } from './docs/errors.ts';
import { events } from './docs/events.ts';
import { type Generator, page } from './docs/generator.ts';
import { http } from './docs/http.ts';

const generators: readonly Generator[] = [cli, http, events, configuration, engines, errors, behaviours];

const FOLDER = new URL('../docs/reference/', import.meta.url);

const index = (): string =>
  page('Reference', generators.map(({ page: file, about }) => `- [${file}](${file}): ${about}`).join('\n'));

const generateAll = async (): Promise<ReadonlyMap<string, string>> => {
  const pages = await Promise.all(
    generators.map(async ({ page, generate }): Promise<[string, string]> => [page, await generate()]),
  );
  return new Map([['README.md', index()], ...pages]);
};

const readAll = async (): Promise<ReadonlyMap<string, string>> => {
  await mkdir(FOLDER, { recursive: true });
  const names = await readdir(FOLDER);
  return new Map(
    await Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await readFile(new URL(name, FOLDER), 'utf8')]),
    ),
  );
};

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const wanted = await generateAll();
const present = await readAll();
const drifted = [...new Set([...wanted.keys(), ...present.keys()])].filter(
  (name) => wanted.get(name) !== present.get(name),
);

if (values.check && drifted.length > 0) {
  console.error(`docs/reference is out of date: ${drifted.join(', ')}. Run "npm run docs" and commit the result.`);
  process.exitCode = 1;
} else {
  for (const name of drifted) {
    const content = wanted.get(name);
    await (content === undefined ? rm(new URL(name, FOLDER)) : writeFile(new URL(name, FOLDER), content));
  }
  const did = drifted.length === 0 ? 'is up to date' : `updated: ${drifted.join(', ')}`;
  console.log(`docs/reference ${did} (${wanted.size} pages)`);
}

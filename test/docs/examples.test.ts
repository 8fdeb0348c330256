import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examplesOf, missingLines } from './examples-of.ts';
import { createScratchCheckout, type ScratchCheckout } from './scratch-checkout.ts';

const REPOSITORY = new URL('../../', import.meta.url);

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...(await readdir(new URL('docs/', REPOSITORY), { recursive: true })).map((path) => `docs/${path}`),
].filter((path) => path.endsWith('.md'));

const withExamples = await Promise.all(
  documents.map(async (path) => ({
    path,
    examples: examplesOf(await readFile(fileURLToPath(new URL(path, REPOSITORY)), 'utf8')),
  })),
);

test('the documents have examples that are run', () => {
  expect(withExamples.flatMap(({ examples }) => examples).length).toBeGreaterThan(0);
});

// Examples of one document follow each other in one checkout, as they do for its reader.
describe.each(withExamples.filter(({ examples }) => examples.length > 0))('$path', ({ examples }) => {
  let checkout: ScratchCheckout;
  beforeAll(async () => {
    checkout = await createScratchCheckout();
  });
  afterAll(() => checkout.remove());

  test.each(examples)('$name', async ({ script, output }) => {
    const ran = await checkout.run(script);
    expect(ran.exitCode, ran.all).toBe(0);
    expect(missingLines(ran.stdout, output), ran.all).toEqual([]);
  });
});

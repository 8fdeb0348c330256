import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { documentAt } from '#replay';
import { routing } from '../support/facts.ts';
import { goldenEvents, goldenFile, policyFile, stateFile } from './golden.ts';
import { createRecorder } from './recorder.ts';
import { stories } from './stories.ts';

// Writes the golden logs that are not there yet: npx tsx test/history/record.ts && npm run format
// A golden log is what a release wrote. It is replayed for ever and never written again; exports of real runs may be
// added beside these by hand.

const write = (file: URL, text: string): void => {
  writeFileSync(file, text, { flag: 'wx' });
  console.info(`recorded ${file.pathname}`);
};
const writeJson = (file: URL, value: unknown): void => write(file, `${JSON.stringify(value, null, 2)}\n`);

mkdirSync(new URL('./policies/', import.meta.url), { recursive: true });

for (const [index, [name, tell]] of Object.entries(stories).entries()) {
  if (existsSync(goldenFile(name))) continue;
  const recorder = createRecorder(index + 1);
  await tell(recorder);
  write(goldenFile(name), `${(await recorder.export()).join('\n')}\n`);
  writeJson(stateFile(name), documentAt(goldenEvents(name)));
  const policy = policyFile(recorder.policies.current.hash);
  if (!existsSync(policy)) writeJson(policy, routing);
}

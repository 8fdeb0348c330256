import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineRequestDocument } from '#contracts';
import { replaceFile } from './replace-file.ts';

/**
 * An engine that keeps every request it gets. It plans two steps, a file each. A goal that says "stumble" fails its first
 * step once, and then says what it learned of that.
 */
const PROGRAM = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
const say = (message) => console.log(JSON.stringify(message));
const request = JSON.parse(readFileSync(0, 'utf8'));
appendFileSync(process.argv[2], JSON.stringify(request) + '\\n');
const step = (name, depends_on) => ({
  id: name, name: 'Write ' + name, action: 'write ' + name + '.txt. ' + 'Take care. '.repeat(50), depends_on,
  success_criteria: [{ criterion: name + '.txt is there', verification: { type: 'file_exists', path: name + '.txt' } }],
});
if (request.kind === 'plan') {
  const gates = { lint: false, typecheck: false, test: false, security: false };
  const steps = [step('step_1', []), step('step_2', ['step_1'])];
  say({ type: 'plan', plan: { steps, acceptance_criteria: [], quality_gates: gates } });
} else {
  const stumbles = request.goal.includes('stumble') && request.step.id === 'step_1';
  if (!stumbles || request.try > 1) writeFileSync(request.step.id + '.txt', 'done');
  if (stumbles && request.try > 1)
    say({ type: 'learning', domain: 'testing', text: 'The first write to a fresh disk is lost: write twice' });
  say({ type: 'done', summary: 'written' });
}
`;

export interface ReadingEngine {
  /** Every request so far, oldest first. */
  readonly requests: () => Promise<readonly EngineRequestDocument[]>;
  /** Writes the configuration that names the engine, with these limits. */
  readonly configure: (context?: object) => Promise<void>;
}

/** @param folder of the program and what it keeps @param studioDir of the workers that call it */
export const createReadingEngine = async (folder: string, studioDir: string): Promise<ReadingEngine> => {
  const program = join(folder, 'reader.mjs');
  const kept = join(folder, 'requests.jsonl');
  await mkdir(studioDir, { recursive: true });
  await writeFile(program, PROGRAM);
  await appendFile(kept, '');
  return {
    requests: async () =>
      (await readFile(kept, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => EngineRequestDocument.parse(JSON.parse(line))),
    configure: async (context) => {
      const command = `'${process.execPath}' '${program}' '${kept}'`;
      const config = {
        engines: { default: 'reader', commands: { reader: { command } } },
        ...(context ? { context } : {}),
      };
      // JSON is YAML.
      await replaceFile(join(studioDir, 'config.yaml'), JSON.stringify(config));
    },
  };
};

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createHeadlessEngine, KNOWN_AGENTS } from '#engines';
import { installFakeAgent } from '../support/fake-agent/install.ts';
import { describeEngine } from './engine.contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'studio-agents-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = (action: string) => ({
  id: 'step_1',
  name: 'Try the engine',
  action,
  success_criteria: [{ criterion: 'nothing', verification: { type: 'command' as const, command: 'true' } }],
  depends_on: [],
});

// One that says what it used as a sum at the end, and one that says it step by step.
for (const name of ['claude', 'opencode'] as const) {
  const engine = createHeadlessEngine({
    name,
    agent: KNOWN_AGENTS[name],
    file: await installFakeAgent(folder, name),
    can: { plan: true, work: true, decompose: true },
    canSetting: 'engines.allow',
    environment: {},
  });
  describeEngine(`preset ${name}`, {
    engine,
    files: { 'words.txt': 'pear\napple\n' },
    goal: 'Sort the file words.txt',
    asking: { files: { 'words.txt': 'pear\napple\n' }, goal: 'Paint the file words.txt' },
    impossibleGoal: 'Make it nicer',
    endless: { engine, step: step('Wait for ever.') },
    leaking: { engine, step: step('Tell the secret.') },
  });
}

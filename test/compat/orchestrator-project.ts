import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { stopHost } from '#host/client';
import { ensureBuilt } from '../support/fleet.ts';
import { scriptIn } from './scripts.ts';

/** A folder of its own, in which the first command that needs one starts a host. */
export const orchestratorIn = () => {
  beforeAll(ensureBuilt);
  const made = scriptIn('orchestrator.sh');
  const studioDir = join(made.folder, '.studio');
  afterAll(() => stopHost({ studioDir }));
  const read = (...path: readonly string[]) => readFileSync(join(studioDir, 'orchestration', ...path), 'utf8');
  /** What a command that is to succeed printed. */
  const data = (...args: readonly string[]): string => {
    const said = made.run(...args);
    expect({ args, ...said }).toMatchObject({ args, code: 0 });
    return said.out;
  };
  const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
  return {
    ...made,
    studioDir,
    read,
    has: (...path: readonly string[]) => existsSync(join(studioDir, 'orchestration', ...path)),
    current: () => read('.current').trim(),
    data,
    state: () => JSON.parse(data('state')),
    /** @returns the id */
    init: (goal = 'Add user authentication') => lastLine(data('init', goal)),
    /** @returns the id */
    checkpoint: (name: string) => lastLine(data('checkpoint', name)),
  };
};

/** As JSON has a moment. */
export const TIME: unknown = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/);

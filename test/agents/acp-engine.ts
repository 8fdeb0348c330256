import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Usage } from '#contracts';
import { type AcpEngineOptions, createAcpEngine, type EngineContext, type Session, type StepRequest } from '#engines';
import { contextFor } from '../contract/engine-fixtures.ts';
import { killAll } from '../support/marked-processes.ts';
import { PATIENCE_MS } from '../support/wait-until.ts';

const AGENT = fileURLToPath(new URL('../support/acp-agent.mjs', import.meta.url));

/** A line for the command of an agent that does what a script says. */
export const scriptedAgent = (script: object): string =>
  `${process.execPath} '${AGENT}' '${JSON.stringify(script).replaceAll("'", `'\\''`)}'`;

const step: StepRequest['step'] = { id: 's', name: 'Do it', action: 'Do it.', success_criteria: [], depends_on: [] };

const stepRequest: StepRequest = {
  kind: 'step',
  goal: 'g',
  plan: { id: 'bp_1', task_id: 'T1', goal: 'g', acceptance_criteria: [], steps: [step], quality_gates: {} },
  step,
  try: 1,
  previous: null,
  hint: null,
};

const planRequest = {
  kind: 'plan',
  goal: 'g',
  taskId: 'T1',
  skills: [],
  hint: null,
  failure: null,
  round: null,
  answers: [],
} as const;

/** Processes that carry a mark, but for zombies, which have no environment any more. */
const marked = async (mark: string): Promise<readonly number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => (await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')).includes(mark)),
  );
  return pids.filter((_, index) => found[index]);
};

const folders: string[] = [];

/** For `afterAll`: tests that run at the same time cannot clean up each for itself. */
export const removeScenes = async (): Promise<void> => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
};

/** An agent with a script, in a folder of its own, and all that it was asked and said. */
export const scene = async (
  script: object,
  options: Partial<AcpEngineOptions> = {},
  overrides: Partial<EngineContext> = {},
) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'studio-agent-')));
  folders.push(folder);
  const directory = join(folder, 'work');
  await mkdir(directory);
  const record = join(folder, 'record.jsonl');
  const mark = `test-${randomBytes(8).toString('hex')}`;
  const used: Usage[] = [];
  const kept: Session[] = [];
  const sweep = async (): Promise<void> => {
    for (let pids = await marked(mark); pids.length > 0; pids = await marked(mark)) killAll(pids);
  };
  const context = contextFor(directory, {
    env: { PATH: process.env.PATH ?? '', STUDIO_RUN_MARK: mark },
    sweep,
    used: (usage) => void used.push(usage),
    session: { current: null, keep: (session) => void kept.push(session) },
    ...overrides,
  });
  const engine = createAcpEngine({
    name: 'agent',
    command: scriptedAgent({ record, ...script }),
    preset: null,
    mode: null,
    permissions: 'allow',
    unattended: 'ask',
    can: { plan: true, work: true, decompose: true },
    environment: {},
    needs: {},
    timeoutMs: PATIENCE_MS,
    silenceMs: PATIENCE_MS,
    version: '0',
    ...options,
  });
  return {
    directory,
    engine,
    context,
    used,
    kept,
    work: () => engine.work(stepRequest, context),
    plan: () => engine.plan(planRequest, context),
    /** Processes that are left of it. */
    left: () => marked(mark),
    heard: async (): Promise<readonly Record<string, unknown>[]> =>
      (await readFile(record, 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  };
};

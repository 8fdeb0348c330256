import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopHost } from '#host/client';
import { build } from '../scripts/build.mjs';
import { type Summary, summarize } from './summarize.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** What of it a package has, for these scripts: in a checkout each call also looks whether a source is newer. */
const PACKAGE = ['bin', 'data', 'dist', 'package.json', 'recipes', 'scripts/orchestrator.sh'];

const HANDOFF = '{"task_id": "task_1", "plan_id": "bp_1", "plan_summary": "1 step", "learnings_loaded": []}';

/** A session as its users type it, twice over. */
const COMMANDS: readonly (readonly string[])[] = [
  ['agent-start', 'planner'],
  ['agent-complete', 'planner', '{"plan_id": "bp_1"}'],
  ['handoff', 'planner', 'builder', HANDOFF],
  ['get-handoff', 'builder'],
  ['agent-start', 'builder'],
  ['agent-fail', 'builder', 'tests fail'],
  ['recover', 'builder'],
  ['checkpoint', 'half way'],
  ['state'],
  ['status'],
];

export interface ScriptTimes {
  readonly command: string;
  readonly filesMs: Summary;
  readonly studioMs: Summary;
}

export interface ScriptBench {
  readonly commands: readonly ScriptTimes[];
  /** Node with nothing to do: what no script of ours can be below. */
  readonly nodeMs: Summary;
  /** Of the medians, all commands of a session together. */
  readonly ratio: number;
}

const timed = (folder: string, program: string, args: readonly string[]): number => {
  const { PATH } = process.env;
  const env = { PATH, HOME: folder };
  const started = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - started;
};

/**
 * Commands of `scripts/orchestrator.sh`, host up, beside the same ones of bash, jq and files; they take turns.
 * @returns `null` where there is no `jq`
 */
export const benchScripts = async ({ rounds = 15 } = {}): Promise<ScriptBench | null> => {
  if (spawnSync('jq', ['--version']).status !== 0) return null;
  await build(ROOT);
  const place = mkdtempSync(join(tmpdir(), 'studio-bench-'));
  const installed = join(place, 'package');
  for (const part of PACKAGE) cpSync(join(ROOT, part), join(installed, part), { recursive: true });
  const files = { folder: join(place, 'files'), script: join(ROOT, 'bench', 'orchestrator-files.sh') };
  const studio = { folder: join(place, 'studio'), script: join(installed, 'scripts', 'orchestrator.sh') };
  try {
    for (const { folder } of [files, studio]) mkdirSync(folder);
    for (const { script, folder } of [files, studio]) timed(folder, script, ['init', 'Add user authentication']);
    const measured = COMMANDS.map((args) => ({ args, files: [] as number[], studio: [] as number[] }));
    const node: number[] = [];
    for (let round = 0; round < rounds; round++) {
      node.push(timed(files.folder, process.execPath, ['-e', '0']));
      for (const { args, ...times } of measured) {
        times.files.push(timed(files.folder, files.script, args));
        times.studio.push(timed(studio.folder, studio.script, args));
      }
    }
    const commands = measured.map(({ args, ...times }) => ({
      command: args[0] ?? '',
      filesMs: summarize(times.files),
      studioMs: summarize(times.studio),
    }));
    const sum = (of: (times: ScriptTimes) => Summary) => commands.reduce((total, times) => total + of(times).median, 0);
    const ratio = sum(({ studioMs }) => studioMs) / sum(({ filesMs }) => filesMs);
    return { commands, nodeMs: summarize(node), ratio: Math.round(ratio * 100) / 100 };
  } finally {
    await stopHost({ studioDir: join(studio.folder, '.studio') });
    rmSync(place, { recursive: true, force: true });
  }
};

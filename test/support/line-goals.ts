import { mkdir } from 'node:fs/promises';
import { execa } from 'execa';
import type { Goal, Plan } from '#contracts';

/** Goals whose steps append one line each to a file: a step that was lost or done twice shows. */

const git = async (folder: string, ...args: readonly string[]): Promise<string> => {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  return (await execa('git', [...identity, ...args], { cwd: folder })).stdout;
};

/** A repository with one commit. */
export const makeRepository = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await git(folder, 'init', '-q', '-b', 'main');
  await git(folder, 'commit', '-q', '--allow-empty', '-m', 'Start');
};

const FILE = 'lines.txt';

export const linesOf = (steps: number): readonly string[] => Array.from({ length: steps }, (_, n) => `step_${n + 1}`);

export interface LineGoal {
  readonly key: string;
  readonly workspace: string;
  readonly steps: number;
  /** How long each step takes at least, beside what git takes. */
  readonly stepMs: number;
  readonly workflow: 'build_only' | 'plan_then_build';
}

/** Each line is appended by a step of that name. */
export const planOfLines = (key: string, lines: readonly string[], stepMs: number): Plan => ({
  id: `bp_${key}`,
  task_id: key,
  goal: `Write ${lines.length} lines`,
  acceptance_criteria: [],
  quality_gates: { lint: false, typecheck: false, test: false, security: false },
  steps: lines.map((line, index) => ({
    id: line,
    name: `Append ${line}`,
    action: `append ${line} to ${FILE}`,
    operations: [{ op: 'run', command: `echo ${line} >> ${FILE}; sleep ${stepMs / 1_000}` }],
    success_criteria: [
      { criterion: `${line} is the last line`, verification: { type: 'file_contains', path: FILE, pattern: line } },
    ],
    depends_on: index === 0 ? [] : [lines[index - 1] ?? ''],
  })),
});

const planOf = ({ key, steps, stepMs }: LineGoal): Plan => planOfLines(key, linesOf(steps), stepMs);

export const lineGoal = (goal: LineGoal): Goal => ({
  goal: `Write ${goal.steps} lines for ${goal.key}`,
  workspace: goal.workspace,
  workflow: goal.workflow,
  plan: planOf(goal),
  key: goal.key,
});

/** Lines in the branch of a run; none while there is no branch. */
export const linesIn = async (workspace: string, id: string): Promise<readonly string[]> => {
  const found = await git(workspace, 'show', `studio/${id}:${FILE}`).catch(() => '');
  return found === '' ? [] : found.split('\n');
};

/** What is wrong with the branch of a run: its lines and its commits, each once and in order. */
export const auditLines = async (workspace: string, id: string, steps: number): Promise<readonly string[]> => {
  const branch = `studio/${id}`;
  const expected = linesOf(steps);
  const found = await git(workspace, 'show', `${branch}:${FILE}`).catch((error: unknown) => String(error));
  if (found !== expected.join('\n')) return [`${id}: ${FILE} holds ${JSON.stringify(found)}`];
  const subjects = await git(workspace, 'log', '--reverse', '--format=%s', `main..${branch}`);
  const wanted = expected.map((line) => `Append ${line}`).join('\n');
  return subjects === wanted ? [] : [`${id}: the history is ${JSON.stringify(subjects)}`];
};

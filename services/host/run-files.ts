import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitUrlOf, type Learning, type Plan } from '#contracts';
import type { Run, State } from '#domain';
import { projectLearnings } from '#learnings';
import { findStudioDir, type Logger } from '#runtime';

export interface RunFilesOptions {
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the log knows that runs found out in a workspace. */
  readonly known: (workspace: string) => Promise<readonly Learning[]>;
  readonly logger: Logger;
}

/** A task is named by whoever planned it; only a plain name becomes a folder. */
const FOLDER = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const writePlan = async (studioDir: string, plan: Plan): Promise<void> => {
  const file = join(studioDir, 'tasks', plan.task_id, 'plan.json');
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  if ((await readFile(file, 'utf8').catch(() => null)) === text) return;
  const draft = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(draft, text);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
};

/** The plan that a run made; one that came with the goal is in a file of a person's already. */
const planMade = ({ plan, submission }: Run): Plan | null =>
  plan && plan.plan.id !== submission.plan?.id && FOLDER.test(plan.plan.task_id) ? plan.plan : null;

/** Runs whose plan this process has written, so that a run that moves costs nothing. */
const REMEMBERED = 10_000;

/**
 * What of a run people and tools find in the folder of its workspace: `.studio/tasks/<task>/plan.json` as soon as there is
 * a plan, and what it found out when it ends, however it ends. A projection: it may come late, twice or not at all, and no
 * run waits for it. A workspace that is on another machine is that machine's. The plan for a git URL is in the `.studio` of
 * whoever routes it; what was found out there is in the log.
 */
export const createRunFiles = ({ studioDir, env, known, logger }: RunFilesOptions) => {
  const written = new Map<string, string>();

  const keepPlan = async (run: Run, workspace: string): Promise<void> => {
    const plan = planMade(run);
    if (plan === null || written.get(run.id) === plan.id) return;
    const own = env.STUDIO_DIR || gitUrlOf(workspace) ? studioDir : findStudioDir(workspace, {}).path;
    await writePlan(own, plan);
    written.set(run.id, plan.id);
    const oldest = written.size > REMEMBERED ? written.keys().next().value : undefined;
    if (oldest !== undefined) written.delete(oldest);
  };

  const keepLearnings = async ({ id, learnings }: Run, workspace: string): Promise<void> => {
    if (learnings.length === 0 || gitUrlOf(workspace)) return;
    const own = learnings.map((learning) => ({ ...learning, orchestration: id }));
    await projectLearnings({ workspace, learnings: own, known: () => known(workspace) });
  };

  return async (state: State): Promise<void> => {
    if (state.lifecycle === 'absent' || state.submission.workspace === null) return;
    const { workspace } = state.submission;
    if (!gitUrlOf(workspace) && !existsSync(workspace)) return;
    try {
      await keepPlan(state, workspace);
      if (state.lifecycle === 'ended') await keepLearnings(state, workspace);
    } catch (err) {
      logger.warn({ orchestration: state.id, err }, 'files of a run could not be written');
    }
  };
};

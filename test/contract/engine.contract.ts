import { existsSync } from 'node:fs';
import { readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { assert, describe, expect, test } from 'vitest';
import { Plan, type PlannerAnswer, type Usage } from '#contracts';
import type { Engine, EngineContext, Session, StepRequest } from '#engines';
import { settlesWithin } from '../support/in-time.ts';
import { waitUntil } from '../support/wait-until.ts';
import { CLAIMS, type EngineClaims, ONE_CALL, type SubjectName } from './claims.ts';
import { commitAll, contextFor, repository, temporaryFolder, writeFiles } from './engine-fixtures.ts';

/** What the suite has to know about an engine to try it. */
export interface EngineSubject {
  readonly engine: Engine;
  /** A workspace and a goal that the engine plans and does there. */
  readonly files: Readonly<Record<string, string>>;
  readonly goal: string;
  /** A workspace and a goal about which it asks something, where it ever does. */
  readonly asking?: { readonly files: Readonly<Record<string, string>>; readonly goal: string };
  /** A goal that it has no way to do. */
  readonly impossibleGoal: string;
  /** An engine and a step of it that writes `pids`, one process id a line, and then never ends. */
  readonly endless: { readonly engine: Engine; readonly step: Plan['steps'][number] };
  /** An engine and a step of it that fails after printing the environment variable SECRET. */
  readonly leaking: { readonly engine: Engine; readonly step: Plan['steps'][number] };
}

/** Printed by `endless`: a process and its child, neither of which ends by itself. */
export const ENDLESS_COMMAND = 'sleep 600 & echo $! > pids.new; echo $$ >> pids.new; mv pids.new pids; wait';

/** Hidden from all that an engine says. */
export const SECRET = 'hunter2-hunter2';
const redact = (text: string): string => text.replaceAll(SECRET, '[redacted]');

const planRequest = (goal: string) =>
  ({ kind: 'plan', goal, taskId: 'T1', skills: [], hint: null, failure: null, round: null, answers: [] }) as const;

const stepRequest = (goal: string, plan: Plan, step: Plan['steps'][number]): StepRequest => {
  return { kind: 'step', goal, plan, step, try: 1, previous: null, hint: null };
};

const planOf = (step: Plan['steps'][number]): Plan => {
  return { id: 'bp_contract', task_id: 'T1', goal: 'g', acceptance_criteria: [], steps: [step], quality_gates: {} };
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The states of a process that is no more than an entry for its parent to read. */
const isZombie = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '(gone) Z');
  return /\) Z/.test(stat);
};

const planned = async (engine: Engine, goal: string, context: EngineContext): Promise<Plan> => {
  const outcome = await engine.plan(planRequest(goal), context);
  assert(outcome.outcome === 'planned', JSON.stringify(outcome));
  return outcome.plan;
};

const sumOf = (used: readonly Usage[], amount: keyof typeof ONE_CALL | 'cost_usd'): number =>
  used.reduce((sum, usage) => sum + (usage[amount] ?? 0), 0);

const totalOf = (used: readonly Usage[]) => ({
  input_tokens: sumOf(used, 'input_tokens'),
  cached_tokens: sumOf(used, 'cached_tokens'),
  cache_write_tokens: sumOf(used, 'cache_write_tokens'),
  output_tokens: sumOf(used, 'output_tokens'),
});

const costOf = (used: readonly Usage[]): number | null =>
  used.every(({ cost_usd: cost }) => cost === null) ? null : sumOf(used, 'cost_usd');

const timesOf = (amounts: typeof ONE_CALL, times: number) =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount * times]));

/** What an engine asks before it plans, each answered by its default. */
const answersUntilPlanned = async (
  engine: Engine,
  goal: string,
  context: EngineContext,
): Promise<readonly PlannerAnswer[]> => {
  const answers: PlannerAnswer[] = [];
  for (let number = 1; ; number += 1) {
    const round = number <= 5 ? { number, focus: 'scope and success' } : null;
    const outcome = await engine.plan({ ...planRequest(goal), round, answers }, context);
    if (outcome.outcome === 'planned') return answers;
    assert(outcome.outcome === 'questions', JSON.stringify(outcome));
    for (const { id, question, default: response } of outcome.questions)
      answers.push({ id, question, response, round: number, assumed: true });
  }
};

/** What holds for every engine. */
export const describeEngine = (name: SubjectName, subject: EngineSubject): void => {
  const claims: EngineClaims = CLAIMS[name];
  describe(`engine ${name}`, () => {
    const { engine, goal } = subject;

    test('plans what is valid, for the task and goal it was asked for, every step checked', async () => {
      const plan = await planned(engine, goal, contextFor(await repository(subject.files)));
      expect(Plan.safeParse(plan)).toMatchObject({ success: true });
      expect(plan).toMatchObject({ task_id: 'T1', goal });
      for (const step of plan.steps) expect(step.success_criteria.length, step.id).toBeGreaterThan(0);
    });

    test('what it asks first can be answered by its defaults, and then it plans', async () => {
      const about = subject.asking ?? subject;
      const context = contextFor(await repository(about.files));
      const answers = await answersUntilPlanned(engine, about.goal, context);
      expect(answers.length > 0).toBe(claims.questions);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(answers.length);
      expect((await context.run('git status --porcelain')).output.trim()).toBe('');
    });

    test('what it uses is told once, in the same units for all, and a conversation is gone on with or never begun', async () => {
      const used: Usage[] = [];
      const kept: Session[] = [];
      const folder = await repository(subject.files);
      for (const request of [1, 2]) {
        const session = { current: kept.at(-1) ?? null, keep: (next: Session) => void kept.push(next) };
        const context = contextFor(folder, { used: (usage) => void used.push(usage), session });
        await planned(engine, goal, context);
        expect(totalOf(used)).toEqual(timesOf(ONE_CALL, claims.calls * request));
      }
      expect(costOf(used)).toEqual(claims.cost ? expect.closeTo(2 * claims.calls * 0.005) : null);
      expect(new Set(kept.map(({ id }) => id)).size).toBe(claims.sessions ? 1 : 0);
    });

    test('planning changes no file', async () => {
      const folder = await repository(subject.files);
      const context = contextFor(folder);
      await planned(engine, goal, context);
      expect((await context.run('git status --porcelain')).output.trim()).toBe('');
    });

    test('does each step of its plan, changes files, and says so', async () => {
      const folder = await repository(subject.files);
      const context = contextFor(folder);
      const plan = await planned(engine, goal, context);
      context.messages.length = 0;
      for (const step of plan.steps) {
        const outcome = await engine.work(stepRequest(goal, plan, step), context);
        expect(outcome).toEqual({ outcome: 'done', summary: expect.stringMatching(/./) });
      }
      expect(context.messages.length).toBeGreaterThan(0);
      expect((await context.run('git status --porcelain')).output.trim()).not.toBe('');
    });

    test('writes nothing outside of its directory, not even through a link', async () => {
      const parent = await temporaryFolder();
      const folder = join(parent, 'work');
      await writeFiles(folder, subject.files);
      const [[path, content]] = Object.entries(subject.files) as [[string, string]]; // Every subject has files.
      await writeFiles(parent, { [`outside/${path}`]: content });
      await symlink(join(parent, 'outside', path), join(folder, `link-${path}`));
      await symlink(join(parent, 'outside'), join(folder, 'linked-folder'));
      await commitAll(folder);

      const context = contextFor(folder);
      const plan = await planned(engine, goal, context);
      for (const step of plan.steps) await engine.work(stepRequest(goal, plan, step), context);
      expect((await readdir(parent, { recursive: true })).filter((entry) => !entry.startsWith('work/')).sort()).toEqual(
        ['outside', `outside/${path}`, 'work'].sort(),
      );
      expect(await readFile(join(parent, 'outside', path), 'utf8')).toBe(content);
    });

    test('says what would unblock a goal it has no way to do', async () => {
      const outcome = await engine.plan(
        planRequest(subject.impossibleGoal),
        contextFor(await repository(subject.files)),
      );
      expect(outcome).toMatchObject({
        outcome: 'cannot',
        reason: expect.stringMatching(/\w{3}/),
        unblock: expect.stringMatching(/\w{3}/),
      });
    });

    test('says what would unblock a red gate that it cannot correct', async () => {
      const folder = await repository(subject.files);
      const context = contextFor(folder);
      const plan = await planned(engine, goal, context);
      const fix = { kind: 'fix', goal, plan, gate: 'lint', command: 'false', output: '', try: 1 } as const;
      expect(await engine.work(fix, context)).toMatchObject({
        outcome: 'cannot',
        unblock: expect.stringMatching(/\w{3}/),
      });
    });

    test('an abort ends work within a second and leaves no process', async () => {
      const { engine: endless, step } = subject.endless;
      const abort = new AbortController();
      const folder = await repository(subject.files);
      const context = contextFor(folder, { signal: abort.signal });
      const work = endless.work(stepRequest(goal, planOf(step), step), context);
      const settled = work.then(
        () => 'resolved',
        (error: unknown) => error,
      );
      const pidsFile = join(folder, 'pids');
      await waitUntil('its processes run', () => existsSync(pidsFile));
      const pids = (await readFile(pidsFile, 'utf8')).trim().split('\n').map(Number);
      expect(pids).toHaveLength(2);
      expect(pids.filter(isAlive)).toEqual(pids);

      const reason = new Error('the lease is gone');
      abort.abort(reason);
      expect(await settlesWithin(1_000, settled)).toBe(true);
      expect(await settled).toBe(reason);
      for (const pid of pids) await waitUntil(`${pid} is gone`, async () => !isAlive(pid) || (await isZombie(pid)));
    });

    test('what is aborted before it begins does not begin', async () => {
      const context = contextFor(await repository(subject.files), { signal: AbortSignal.abort(new Error('too late')) });
      await expect(engine.plan(planRequest(goal), context)).rejects.toThrow('too late');
    });

    test('a secret that a program prints is in no outcome', async () => {
      const { engine: leaking, step } = subject.leaking;
      const env = { PATH: process.env.PATH ?? '', SECRET };
      const base = contextFor(await repository(subject.files), { env, redact });
      const run: EngineContext['run'] = async (command, options) => {
        const outcome = await base.run(`export SECRET=${SECRET}; ${command}`, options);
        return { ...outcome, output: redact(outcome.output) };
      };
      const outcome = await leaking.work(stepRequest(goal, planOf(step), step), { ...base, run });
      expect(outcome).toMatchObject({ outcome: 'failed', error: expect.stringContaining('[redacted]') });
      expect(JSON.stringify(outcome)).not.toContain(SECRET);
    });
  });
};

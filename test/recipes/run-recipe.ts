import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { assert, expect } from 'vitest';
import { Plan, type Verification } from '#contracts';
import { createRecipesEngine, type EngineContext, type PlanOutcome } from '#engines';
import { contextFor, projectPath } from '../contract/engine-fixtures.ts';

const engine = createRecipesEngine({ recipesDirs: [projectPath('recipes'), '.studio/recipes'] });

export const planFor = (goal: string, directory: string): Promise<PlanOutcome> =>
  engine.plan(
    { kind: 'plan', goal, taskId: 'T1', skills: [], hint: null, failure: null, round: null, answers: [] },
    contextFor(directory),
  );

/** Plans a goal that a recipe must fit. */
export const planned = async (goal: string, directory: string) => {
  const outcome = await planFor(goal, directory);
  assert(outcome.outcome === 'planned', JSON.stringify(outcome));
  expect(Plan.parse(outcome.plan)).toEqual(outcome.plan);
  return outcome;
};

/** Whether a check holds, and what it printed; as the builder would find it. */
export const check = async (verification: Verification, { directory, run }: EngineContext): Promise<string> => {
  switch (verification.type) {
    case 'command':
    case 'test_passes': {
      const command = verification.type === 'command' ? verification.command : verification.test_command;
      const { exitCode, output } = await run(command);
      return exitCode === 0 ? 'passed' : `\`${command}\` ended with ${exitCode}: ${output}`;
    }
    case 'file_exists':
      return readFile(join(directory, verification.path)).then(() => 'passed', String);
    case 'file_contains': {
      const content = await readFile(join(directory, verification.path), 'utf8').catch(String);
      return new RegExp(verification.pattern, 'm').test(content)
        ? 'passed'
        : `${verification.pattern} not in ${content}`;
    }
    case 'browser':
      return 'no browser here';
  }
};

const expectRed = async (plan: Plan, context: EngineContext): Promise<void> => {
  for (const { criterion, verification } of plan.acceptance_criteria)
    expect(await check(verification, context), criterion).not.toBe('passed');
};

/** Does each step and checks it, then checks the acceptance criteria: none may pass before, all must pass at the end. */
export const build = async (goal: string, plan: Plan, directory: string): Promise<void> => {
  const context = contextFor(directory);
  await expectRed(plan, context);
  // What passed on this very tree needs no second run.
  let passed = new Set<string>();
  const expectPassed = async (verification: Verification): Promise<void> => {
    const key = JSON.stringify(verification);
    if (passed.has(key)) return;
    expect(await check(verification, context)).toBe('passed');
    passed.add(key);
  };
  for (const step of plan.steps) {
    const outcome = await engine.work({ kind: 'step', goal, plan, step, try: 1, previous: null, hint: null }, context);
    expect(outcome).toMatchObject({ outcome: 'done' });
    passed = new Set();
    for (const { verification } of step.success_criteria) await expectPassed(verification);
  }
  for (const { verification } of plan.acceptance_criteria) await expectPassed(verification);
};

export const read = (folder: string, path: string): Promise<string> => readFile(join(folder, path), 'utf8');

export const changedFiles = async (folder: string): Promise<readonly string[]> => {
  const { stdout } = await execa('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: folder });
  return stdout.split('\n').map((line) => line.slice(3));
};

export const packageJson = (fields: object): string =>
  `${JSON.stringify({ name: 'fixture', version: '1.0.0', ...fields }, null, 2)}\n`;

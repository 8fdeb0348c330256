import { isSecurityViolation } from '#attempts';
import { verify } from '#checks';
import type { CheckResult, Plan, PlanStep } from '#contracts';
import { type ReportedFailure, readySteps } from '#domain';
import { applyOperations, type StepRequest, type WorkOutcome } from '#engines';
import { WorkspaceError } from '#repository';
import type { Build } from './build.ts';
import { checkContext } from './check-context.ts';
import { progressOf } from './progress.ts';

const stepState = ({ attempt }: Build, id: string) => attempt.run().steps.find((step) => step.id === id);

/**
 * Plan order among the steps that are ready; a plan that was validated always has one until all are done.
 * @param succeeded what was noted and is not yet in the log
 */
const nextStep = ({ attempt }: Build, plan: Plan, succeeded: string | null): PlanStep | undefined => {
  const statuses = new Map(attempt.run().steps.map(({ id, status }) => [id, status]));
  return readySteps(plan, (id) => (id === succeeded ? 'completed' : (statuses.get(id) ?? 'pending')))[0];
};

/** What the try before got wrong. A fault that passed by itself says nothing about the work: its input stays as it was. */
const previousTry = ({ attempt }: Build, { id }: PlanStep): StepRequest['previous'] => {
  const failure = attempt
    .run()
    .failures.findLast(({ step, category, provider }) => step === id && category !== 'transient' && provider === null);
  if (!failure) return null;
  const { error, recovery, unblock } = failure;
  const hints = recovery?.hint ?? unblock;
  return { error, hints: hints ? hints.split('\n') : [] };
};

/** Operations are applied by us, whatever the engine; the rest is the engine's to think out. */
const execute = async (build: Build, plan: Plan, step: PlanStep, tries: number): Promise<WorkOutcome> => {
  const { attempt, desk } = build;
  const context = await desk.contextFor(step.id);
  const operations = step.operations ?? [];
  if (operations.length > 0) return await applyOperations(operations, { ...context, repeat: tries > 1 });
  return await desk.engineFor('work', step.engine ?? plan.engine).work(
    {
      kind: 'step',
      goal: attempt.run().submission.goal,
      plan,
      step,
      try: tries,
      previous: previousTry(build, step),
      hint: attempt.invocation().hint,
    },
    context,
  );
};

const failedExecution = (build: Build, outcome: WorkOutcome): ReportedFailure | null => {
  const { classifier } = build.equipment;
  switch (outcome.outcome) {
    case 'done':
      return null;
    case 'cannot':
      return classifier.ofText(outcome.reason, { category: 'blocker', unblock: outcome.unblock });
    case 'failed':
      return classifier.ofText(outcome.error, outcome);
  }
};

const failedChecks = (build: Build, checks: readonly CheckResult[]): ReportedFailure | null => {
  const red = checks.filter(({ passed }) => !passed);
  if (red.length === 0) return null;
  const text = red.map(({ criterion, output }) => `${criterion}: ${output || 'did not pass'}`).join('\n');
  return build.equipment.classifier.ofText(text, { exitCode: red[0]?.exitCode ?? null });
};

const passed = (checks: readonly CheckResult[]): readonly string[] =>
  checks.filter((result) => result.passed).map(({ criterion }) => criterion);

const check = async (build: Build, step: PlanStep, tree: string | null): Promise<readonly CheckResult[]> => {
  const { desk, equipment, checked } = build;
  const context = checkContext(build, equipment.settings.commandTimeoutMs, checked.on(tree, desk.context.run));
  const results: CheckResult[] = [];
  for (const criterion of step.success_criteria) {
    desk.context.progress(`checking ${step.id}: ${criterion.criterion}`);
    results.push(await verify(criterion, context));
  }
  return results;
};

/** Commits what the try changed, and pins it before the log names it. @returns null when no file changed */
const commit = async ({ attempt, desk: { workspace } }: Build, step: PlanStep, tree: string | null) => {
  if (!workspace || tree === null) return null;
  const made = await workspace.commitAll(`${step.name}\n\n${step.id} of ${attempt.id}`, { tree });
  if (made) await workspace.pin(made, attempt.run().steps.findIndex(({ id }) => id === step.id) + 1);
  return made;
};

/**
 * What the step left, or why it cannot be committed: that is the step's fault, and its next try can mend it.
 * @throws {SecurityViolation} it must not be committed
 */
const takeTree = async (
  workspace: Build['desk']['workspace'],
): Promise<{ readonly tree: string | null; readonly refused: string | null }> => {
  if (!workspace) return { tree: null, refused: null };
  try {
    const tree = await workspace.treeHash();
    await workspace.assertSafe(tree);
    return { tree, refused: null };
  } catch (error) {
    if (error instanceof WorkspaceError && error.remedy === 'change') return { tree: null, refused: error.message };
    throw error;
  }
};

interface Tried {
  readonly tree: string | null;
  readonly checks: readonly CheckResult[];
  readonly failure: ReportedFailure | null;
}

const carryOut = async (build: Build, plan: Plan, step: PlanStep, tries: number): Promise<Tried> => {
  const outcome = await execute(build, plan, step, tries);
  // Taken before the checks run: what they leave behind is not the step's work.
  const { tree, refused } = await takeTree(build.desk.workspace);
  const unable = failedExecution(build, outcome) ?? (refused && build.equipment.classifier.ofText(refused));
  const checks = unable ? [] : await check(build, step, tree);
  return { tree, checks, failure: unable || failedChecks(build, checks) };
};

/** A violation of security is the failure of the step that did it, whatever else became of it. */
const carryOutWatched = async (build: Build, plan: Plan, step: PlanStep, tries: number): Promise<Tried> => {
  try {
    const assertUnchanged = await build.desk.workspace?.watchRepository();
    const tried = await carryOut(build, plan, step, tries);
    await assertUnchanged?.();
    return tried;
  } catch (error) {
    if (!isSecurityViolation(error)) throw error;
    return { tree: null, checks: [], failure: build.equipment.classifier.ofThrown(error) };
  }
};

/** One try: execute, check, commit. @returns true after success was noted, false when it failed and may be tried again */
const tryStep = async (build: Build, plan: Plan, step: PlanStep): Promise<boolean> => {
  const { attempt } = build;
  const tries = (stepState(build, step.id)?.tries ?? 0) + 1;
  await attempt.report({ fact: 'step.started', data: { step: step.id, try: tries } });
  const started = performance.now();
  const { tree, checks, failure } = await carryOutWatched(build, plan, step, tries);
  const data = { step: step.id, try: tries, checks: [...checks], durationMs: Math.round(performance.now() - started) };
  if (failure) {
    await attempt.reportFailure({
      fact: 'step.tried',
      data,
      failure: { ...failure, progress: progressOf(tree, passed(checks)) },
    });
    return false;
  }
  attempt.note({ fact: 'step.succeeded', data: { ...data, commit: await commit(build, step, tree) } });
  return true;
};

/** Runs what is ready until every step is done. A step's success is stored together with what is reported next. */
export const runSteps = async (build: Build, plan: Plan): Promise<void> => {
  const { attempt } = build;
  if (!attempt.run().plan) await attempt.report(); // a plan of our own that is only noted so far
  let succeeded: string | null = null;
  for (let step = nextStep(build, plan, succeeded); step; step = nextStep(build, plan, succeeded)) {
    await attempt.breathe();
    succeeded = (await tryStep(build, plan, step)) ? step.id : null;
  }
};

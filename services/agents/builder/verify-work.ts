import { AttemptFailed, engineFailed } from '#attempts';
import { type CheckContext, isAvailable, runGate, verify } from '#checks';
import { type AcceptanceCriterion, EngineRequestDocument, type Plan } from '#contracts';
import { type GateProgress, type ReportItem, unusedAnswer } from '#domain';
import type { FixRequest } from '#engines';
import type { Build } from './build.ts';
import { checkContext } from './check-context.ts';
import { progressOf } from './progress.ts';

type Criterion = Extract<ReportItem, { fact: 'acceptance.checked' }>['data']['results'][number];
type Red = Pick<FixRequest, 'gate' | 'command' | 'output' | 'try'>;

/** What the work is measured by: that of a plan, or of several. */
export interface Measure {
  readonly plan: Plan;
  readonly criteria: readonly AcceptanceCriterion[];
}

/** The criteria, and the checks that came with the goal. */
export const criteriaOf = ({ attempt }: Build, { criteria }: Measure): readonly AcceptanceCriterion[] => [
  ...criteria,
  ...attempt.run().submission.checks.map(
    (command, index): AcceptanceCriterion => ({
      id: `CHECK-${index + 1}`,
      criterion: command,
      verification: { type: 'command', command },
      priority: 'must',
    }),
  ),
];

/** The files as they lie there now, and how they are checked. */
const takeFiles = async (build: Build) => {
  const { desk, equipment, checked } = build;
  const tree = (await desk.workspace?.treeHash()) ?? null;
  return { tree, context: checkContext(build, equipment.gateTimeoutMs, checked.on(tree, desk.context.run)) };
};

const judge = async (criterion: AcceptanceCriterion, context: CheckContext): Promise<Criterion> => {
  const { passed, output } = await verify(criterion, context);
  const { id, priority } = criterion;
  const status = passed ? 'passed' : isAvailable(criterion.verification, context) ? 'failed' : 'not_available';
  return { id, criterion: criterion.criterion, priority, status, output: passed ? '' : output };
};

/** @returns what is red among the criteria that must pass, or null */
const checkAcceptance = async (build: Build, measure: Measure, tries: number): Promise<Red | null> => {
  const { attempt } = build;
  const criteria = criteriaOf(build, measure);
  if (criteria.length === 0) return null;
  const results: Criterion[] = [];
  const { tree, context } = await takeFiles(build);
  for (const criterion of criteria) {
    build.desk.context.progress(`checking ${criterion.id}: ${criterion.criterion}`);
    results.push(await judge(criterion, context));
  }
  attempt.note({ fact: 'acceptance.checked', data: { results } });
  const red = results.filter(({ priority, status }) => priority === 'must' && status !== 'passed');
  if (red.length === 0) return null;
  const output = red.map(({ id, criterion, output: text }) => `${id} ${criterion}: ${text}`).join('\n');
  const passed = results.filter(({ status }) => status === 'passed').map(({ id }) => id);
  await attempt.reportFailure({
    fact: 'agent.failed',
    failure: { ...build.equipment.classifier.ofText(output), progress: progressOf(tree, passed) },
  });
  return { gate: 'acceptance', command: red.map(({ criterion }) => criterion).join('; '), output, try: tries };
};

const waivedAs = ({ base }: GateProgress): 'red_before' | 'not_available' | 'off' | null => {
  if (base === 'green') return null;
  return base === 'red' ? 'red_before' : base;
};

/** @returns what is red, or null */
const checkGate = async (build: Build, gate: GateProgress): Promise<Red | null> => {
  const { attempt, equipment } = build;
  const reason = waivedAs(gate);
  if (reason !== null || gate.command === null) {
    attempt.note({ fact: 'gate.waived', data: { gate: gate.gate, reason: reason ?? 'not_available' } });
    return null;
  }
  const tries = gate.tries + 1;
  build.desk.context.progress(`running gate ${gate.gate}: ${gate.command}`);
  const { tree, context } = await takeFiles(build);
  const { verdict, output, exitCode, durationMs } = await runGate(gate.command, context);
  if (verdict === 'green') {
    await attempt.report({ fact: 'gate.passed', data: { gate: gate.gate, try: tries, durationMs } });
    return null;
  }
  const passed = attempt.run().gates.flatMap(({ gate: name, status }) => (status === 'passed' ? [name] : []));
  const failure = equipment.classifier.ofText(`gate ${gate.gate} (${gate.command}) is red: ${output}`, { exitCode });
  await attempt.reportFailure({
    fact: 'gate.failed',
    data: { gate: gate.gate, try: tries, durationMs, output },
    failure: { ...failure, progress: progressOf(tree, passed) },
  });
  return { gate: gate.gate, command: gate.command, output, try: tries };
};

const checkGates = async (build: Build): Promise<Red | null> => {
  for (const gate of build.attempt.run().gates) {
    await build.attempt.breathe();
    const red = await checkGate(build, gate);
    if (red) return red;
  }
  return null;
};

/** Lets the engine correct what is red. @throws {AttemptFailed} when it cannot */
const fix = async ({ attempt, desk }: Build, plan: Plan, { gate, command, ...red }: Red): Promise<void> => {
  const { goal } = attempt.run().submission;
  const request: FixRequest = { kind: 'fix', goal, plan, gate, command, output: red.output, try: red.try };
  const outcome = await desk.engineFor('work', plan.engine).work(request, await desk.contextFor(gate));
  if (outcome.outcome === 'cannot')
    throw new AttemptFailed('blocker', `${outcome.reason}\n${red.output}`, outcome.unblock);
  if (outcome.outcome === 'failed') throw engineFailed(outcome);
  const { workspace } = desk;
  const commit = (await workspace?.commitAll(`Fix ${gate}\n\nfor ${attempt.id}`)) ?? null;
  if (!workspace || !commit) return;
  await workspace.pin(commit, attempt.run().steps.length + red.try);
  attempt.note({ fact: 'work.collected', data: { commit, files: [...(await workspace.changes())] } });
};

/** A correction that was made by hand, under another lease. */
const handedIn = ({ attempt }: Build): Red | null => {
  const answer = unusedAnswer(attempt.run());
  const request = answer && EngineRequestDocument.parse(answer.request);
  return request?.kind === 'fix' ? request : null;
};

/** Acceptance first, then the gates in order; after a correction all of it again, since it may have broken something. */
export const verifyWork = async (build: Build, measure: Measure): Promise<void> => {
  const { gates } = build.attempt.run();
  if (gates.length > 0 || criteriaOf(build, measure).length > 0) await build.attempt.report();
  const assertUnchanged = await build.desk.workspace?.watchRepository();
  const corrected = handedIn(build);
  // What is red without it is known.
  if (corrected) await fix(build, measure.plan, corrected);
  for (let round = 1; ; round++) {
    const red = (await checkAcceptance(build, measure, round)) ?? (await checkGates(build));
    await assertUnchanged?.();
    if (!red) return;
    await fix(build, measure.plan, red);
  }
};

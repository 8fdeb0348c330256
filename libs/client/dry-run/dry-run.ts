import { type DryRunDocument, type Goal, InvalidInput } from '#contracts';
import { childSubmission, filesOfTask, type RoutingPolicy, type Run, scorePlan, taskOfMap, verdict } from '#domain';
import type { EventOf, Policy } from '#events';
import { parseGoal, submissionOf } from '#orchestrations';
import { mapOfSpecification } from '#specification';
import type { Parts } from '../parts.ts';
import { routeOf, runOf } from '../route-goal.ts';
import type { Studio } from '../studio.ts';
import { createEstimates } from './estimate.ts';
import { findConflicts } from './live-runs.ts';
import { type LookAhead, nothingSeen, type Preview } from './preview.ts';

type Submission = EventOf<'goal.submitted'>['data'];
type Task = Submission['tasks'][number];

export interface DryRunOptions {
  readonly policy: Policy;
  readonly routing: RoutingPolicy;
  readonly lookAhead: LookAhead | null;
  readonly list: Studio['list'];
  /** Where a plan in the goal was found. */
  readonly planSource: string | undefined;
}

/** A specification that names its tasks is its own map: nobody has to be asked for one. */
const writtenMap = async ({ route, submission: { specification } }: Run): Promise<Preview['map']> =>
  route?.workflow === 'decompose_first' && specification !== null
    ? (await mapOfSpecification(specification)).map
    : null;

const look = async (run: Run, lookAhead: LookAhead | null): Promise<Preview> => {
  const { goal, workspace, engine, plan } = run.submission;
  const map = await writtenMap(run);
  const written = (seen: Preview): Preview => (map ? { ...seen, map } : seen);
  if (workspace === null) return written(nothingSeen('it names no workspace'));
  if (lookAhead === null) return written(nothingSeen('the workspace cannot be looked at from here'));
  const skills = run.route?.skills ?? [];
  const needs = needsOf(run, map !== null);
  const isParent = hasTasks(run);
  return written(
    await lookAhead({ goal, workspace, engine, skills, answers: run.answers, needs, given: plan, isParent }),
  );
};

const hasTasks = ({ route }: Run): boolean => route?.workflow === 'multi_task' || route?.workflow === 'decompose_first';

const needsOf = ({ route, submission }: Run, isMapped: boolean): 'plan' | 'map' | 'nothing' => {
  if (submission.plan !== null || isMapped || route?.workflow === 'multi_task') return 'nothing';
  return route?.workflow === 'decompose_first' ? 'map' : 'plan';
};

const planOf = (run: Run, seen: Preview): DryRunDocument['plan'] => {
  const { plan: given, planSource } = run.submission;
  const made = given ? { plan: given, source: planSource ?? 'the goal', cautions: [] } : seen.plan;
  if (!made) return null;
  const { confidence, cautions } = scorePlan(made.plan, seen);
  return {
    id: made.plan.id,
    source: made.source,
    confidence,
    verdict: verdict(confidence),
    cautions: [...new Set([...cautions, ...made.cautions])],
    steps: made.plan.steps.map(({ id, name, operations = [] }) => ({ id, name, operations: operations.length })),
  };
};

const questionsOf = (run: Run, plan: DryRunDocument['plan'], seen: Preview): DryRunDocument['questions'] => {
  const { mode, confirm, planSource } = run.submission;
  const routes = run.interactions.map(({ prompt }) => ({ about: 'route' as const, prompt, default: null }));
  const planner = seen.questions.map(({ question, default: answer }) => ({
    about: 'planner' as const,
    prompt: question,
    default: answer,
  }));
  // A plan that somebody brought is run as it is.
  const doubted = plan && planSource === null && (plan.verdict === 'ask' || plan.verdict === 'block');
  const plans = doubted
    ? [
        {
          about: 'plan' as const,
          prompt: `The plan of ${plan.source} scored ${plan.confidence} of 100.`,
          default: null,
        },
      ]
    : [];
  const maps =
    run.route?.workflow === 'decompose_first' && mode === 'explicit' && confirm
      ? [{ about: 'map' as const, prompt: 'The map of the project: build it?', default: null }]
      : [];
  return [...routes, ...planner, ...plans, ...maps];
};

const noPlan = (plan: DryRunDocument['plan'], isCut: boolean, { why }: Preview): string | null => {
  if (plan || isCut) return null;
  return why || 'it is planned when it runs';
};

const unite = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];

type Estimates = ReturnType<typeof createEstimates>;
type Foreseen = Pick<DryRunDocument, 'plan' | 'no_plan' | 'files' | 'questions' | 'estimate'>;

interface Ahead {
  readonly run: Run;
  readonly seen: Preview;
  readonly tasks: readonly Task[];
}

/** What is known of a run, or of one of its tasks, by itself. */
const foresee = async ({ run, seen, tasks }: Ahead, estimates: Estimates): Promise<Foreseen> => {
  const { submission } = run;
  const plan = planOf(run, seen);
  const planned = submission.plan ?? seen.plan?.plan ?? null;
  return {
    plan,
    no_plan: noPlan(plan, tasks.length > 0, seen),
    files: unite(filesOfTask({ files: [], plan: planned }), ...tasks.map(filesOfTask)),
    questions: questionsOf(run, plan, seen),
    estimate: await estimates({
      workflow: routeOf(run).workflow,
      source: plan?.source ?? null,
      labels: submission.labels,
      engine: submission.engine,
      workers: seen.workers,
    }),
  };
};

/** Each is a run of its own, and is looked at like one. */
const foreseeTask = async (
  parent: Run,
  task: Task,
  { routing, lookAhead, estimates }: Pick<DryRunOptions, 'routing' | 'lookAhead'> & { readonly estimates: Estimates },
): Promise<DryRunDocument['tasks'][number]> => {
  const run = runOf(childSubmission(parent, { task, bases: [], hint: null }), routing);
  const known = await foresee({ run, seen: await look(run, lookAhead), tasks: [] }, estimates);
  const { goal: _goal, ...route } = routeOf(run);
  return {
    id: task.id,
    goal: task.goal,
    depends_on: task.depends_on.map((edge) => edge.task),
    planned: task.plan !== null,
    route,
    ...known,
    files: unite(task.files, known.files),
  };
};

/** @throws {InvalidInput} with every problem of the goal; no trace of it is left */
const goalOf = async (input: unknown): Promise<Goal> => {
  const read = await parseGoal(input);
  if ('problems' in read) throw new InvalidInput('the goal', read.problems);
  return read.goal;
};

/** What a goal would come to. Everything is read, nothing is stored, and no engine that thinks is asked. */
export const dryRun = async (input: unknown, parts: Parts, options: DryRunOptions): Promise<DryRunDocument> => {
  const { policy, routing, planSource, lookAhead, list } = options;
  const submission = submissionOf(
    await goalOf(input),
    { trigger: 'client', ...(planSource === undefined ? {} : { planSource }) },
    policy,
  );
  const run = runOf(submission, routing);
  const seen = await look(run, lookAhead);
  const agreed = runOf({ ...submission, confirm: false }, routing);
  const tasks = seen.map ? seen.map.tasks.map(taskOfMap) : agreed.children.map(({ task }) => task);
  const estimates = createEstimates({ list, log: parts.log });
  const known = await foresee({ run, seen, tasks }, estimates);
  const rows: DryRunDocument['tasks'] = [];
  for (const task of tasks) rows.push(await foreseeTask(agreed, task, { routing, lookAhead, estimates }));
  const files = unite(known.files, ...rows.map((row) => row.files));
  const { goal: _goal, ...route } = routeOf(run);
  return {
    goal: submission.goal,
    mode: submission.mode,
    workspace: submission.workspace,
    route: { ...route, asks: !run.routeConfirmed },
    ...known,
    tasks: rows,
    gates: seen.gates?.map(({ gate, command, source }) => ({ gate, command, source })) ?? null,
    files,
    ...(await findConflicts(parts.log, submission.workspace, files)),
  };
};

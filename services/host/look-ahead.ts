import { stat } from 'node:fs/promises';
import { discoverGates } from '#checks';
import { type LookAhead, nothingSeen } from '#client';
import { type Config, gitUrlOf, type Plan, type PlannerQuestion } from '#contracts';
import { chooseEngine, type Engine, type EngineContext, wantedEngines } from '#engines';
import { browserOf } from './browser.ts';
import { enginesOf } from './engines.ts';

export interface LookAheadOptions {
  readonly config: Config;
  readonly studioDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Recipes read the workspace and nothing else; any other engine would think, and cost, and may act. */
const HARMLESS = 'recipes';

type Request = Parameters<LookAhead>[0];

const contextIn = (directory: string): EngineContext => ({
  directory,
  signal: AbortSignal.timeout(60_000),
  progress: () => undefined,
  stepKey: 'dry-run',
  run: async () => {
    throw new Error('a dry run runs no command');
  },
});

const engineFor = (
  { config, studioDir, env }: LookAheadOptions,
  { engine, needs }: Request,
): Engine | { why: string } => {
  const capability = needs === 'map' ? 'decompose' : 'plan';
  const configured = enginesOf(config, studioDir, env);
  const role = needs === 'map' ? 'architect' : 'planner';
  const wanted = wantedEngines({ role, goal: engine, settings: config.engines });
  const choice = chooseEngine({ wanted, configured, capability });
  if (choice.outcome === 'blocked') return { why: `${choice.reason}; ${choice.unblock}` };
  if (choice.outcome === 'wait') return { why: choice.reason };
  return choice.engine.name === HARMLESS
    ? choice.engine
    : { why: `engine ${choice.engine.name} makes it when the goal runs; a dry run asks no engine that thinks` };
};

const askMap = async (engine: Engine, { goal, skills, answers, workspace }: Request) => {
  const request = { kind: 'decompose', goal, specification: null, skills, hint: null, answers } as const;
  const made = await engine.decompose(request, contextIn(workspace));
  if (made.outcome === 'decomposed') return { ...nothingSeen(''), why: null, map: made.map };
  return nothingSeen(made.outcome === 'cannot' ? `${made.reason}; ${made.unblock}` : made.error);
};

const askPlan = async (engine: Engine, { goal, skills, answers, workspace }: Request) => {
  const common = { kind: 'plan', goal, taskId: 'dry-run', skills, hint: null, failure: null, answers } as const;
  const context = contextIn(workspace);
  const first = await engine.plan({ ...common, round: { number: 1, focus: 'scope and success' } }, context);
  const questions: readonly PlannerQuestion[] = first.outcome === 'questions' ? first.questions : [];
  const made = first.outcome === 'questions' ? await engine.plan({ ...common, round: null }, context) : first;
  if (made.outcome === 'planned') return { ...nothingSeen(''), why: null, plan: made, questions };
  if (made.outcome === 'questions') return { ...nothingSeen('it asks before it plans'), questions };
  return { ...nothingSeen(made.outcome === 'cannot' ? `${made.reason}; ${made.unblock}` : made.error), questions };
};

const think = async (options: LookAheadOptions, request: Request) => {
  if (request.needs === 'nothing') return nothingSeen('');
  const engine = engineFor(options, request);
  if ('why' in engine) return nothingSeen(engine.why);
  return request.needs === 'map' ? askMap(engine, request) : askPlan(engine, request);
};

/** Who would do the steps of a plan, where it is known; of tasks each may have another. */
const workersFor = (
  { config, studioDir, env }: LookAheadOptions,
  { engine, needs, isParent }: Request,
  plan: Plan | null,
): readonly string[] | null => {
  if (isParent || needs === 'map') return null;
  if (plan?.steps.every(({ operations = [] }) => operations.length > 0)) return [];
  const wanted = wantedEngines({ role: 'builder', goal: engine, plan: plan?.engine, settings: config.engines });
  const choice = chooseEngine({ wanted, configured: enginesOf(config, studioDir, env), capability: 'work' });
  if (choice.outcome !== 'chosen') return null;
  // Steps that recipes can do bring their operations.
  return choice.engine.name === HARMLESS ? [] : [choice.engine.name];
};

const gatesIn = ({ config, env }: LookAheadOptions, directory: string, plan: Plan | null) => {
  const { timeout_s: _timeout, red_first: _redFirst, ...settings } = config.gates;
  return discoverGates({ directory, planned: plan?.quality_gates ?? {}, settings, path: env.PATH ?? '' });
};

/** Asks the recipes for a plan and the folder for its gates, as it lies there now. Nothing runs, and nothing is written. */
export const createLookAhead =
  (options: LookAheadOptions): LookAhead =>
  async (request) => {
    const { workspace } = request;
    if (gitUrlOf(workspace)) return nothingSeen('a dry run fetches nothing; the plan is made when the goal runs');
    const isFolder = await stat(workspace).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (!isFolder) return nothingSeen(`${workspace} is no folder of this machine`);
    const seen = await think(options, request);
    const plan = request.given ?? seen.plan?.plan ?? null;
    const browser = browserOf(options.config, options.env) !== undefined;
    const gates = await gatesIn(options, workspace, plan);
    return { ...seen, browser, gates, workers: workersFor(options, request, plan) };
  };

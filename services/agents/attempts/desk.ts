import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Browser } from '#checks';
import { type ContextPolicy, gitUrlOf, type Learning } from '#contracts';
import { baseOf, isParent, type Live } from '#domain';
import { type Capabilities, createHumanEngine, type Engine, type EngineContext, type EngineSettings } from '#engines';
import type { Pricing, Purse } from '#money';
import { findRepository, missingCommits } from '#repository';
import type { Sandboxes } from '#sandbox';
import type { Workspace } from '#workspace';
import { openWorkspace, type Redact, type WorkspaceSettings } from '#workspace';
import type { Attempt } from './attempt.ts';
import { createEngineFor } from './engine-for.ts';
import { AttemptFailed } from './errors.ts';
import { explainedEngine } from './explained-engine.ts';
import type { Classifier } from './failure.ts';
import { guardedEngine } from './guarded-engine.ts';
import { createHandOut, type HandOutSettings } from './hand-out.ts';
import type { KnownOutages } from './known-outages.ts';
import { grantOf, meteredEngine } from './money/metered-engine.ts';
import { createPermit } from './permit.ts';
import { createProgress } from './progress.ts';
import { briefedEngine } from './reading/briefed-engine.ts';
import { createBriefing } from './reading/briefing.ts';
import { createLearned } from './reading/learned.ts';
import { rememberingEngine } from './remembering-engine.ts';
import { sandboxInForce } from './sandbox-in-force.ts';

/** What every role works with: the same for all attempts of a process. */
export interface Equipment {
  /** In order of preference. */
  readonly engines: readonly Engine[];
  /** Who is preferred, where neither goal nor plan say. */
  readonly preferences: EngineSettings;
  readonly outages: KnownOutages;
  readonly settings: WorkspaceSettings;
  readonly cacheDir: string;
  readonly studioDir: string;
  /** An empty folder: where a goal without a workspace "works". */
  readonly nowhere: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly redact: Redact;
  /** Without them commands run as this process does. */
  readonly sandboxes?: Sandboxes;
  /** What opens pages for checks. */
  readonly browser?: Browser;
  readonly classifier: Classifier;
  readonly pricing: Pricing;
  /** The day that a moment belongs to, as budgets see it: `2026-02-02`. */
  readonly dayOf: (time: Date) => string;
  /** Of the engine `human`. */
  readonly human: HandOutSettings;
  /** What runs may spend. Default: nothing is limited. */
  readonly purse?: Purse;
  /** What one call of an engine may be given to read. */
  readonly context: ContextPolicy;
  /** What the log knows that runs found out in a workspace, for files that are gone. */
  readonly known?: (workspace: string) => Promise<readonly Learning[]>;
}

/** Where one lease works, and with what. */
export interface Desk {
  readonly workspace: Workspace | null;
  /** Without a key of its own: for what no step does. */
  readonly context: EngineContext;
  /** The context of one piece of work, under its idempotency key. */
  readonly contextFor: (work: string) => Promise<EngineContext>;
  /**
   * Whoever it is, it is given what there is to read beside the request, within the limits of the pools.
   * @param plan who the plan wants for it
   * @throws {AttemptFailed} a blocker that names the setting which would unblock it
   */
  readonly engineFor: (capability: keyof Capabilities, plan?: string | null) => Engine;
  /** An engine said that it learned something, under this lease. */
  readonly hasLearned: () => boolean;
  readonly close: () => Promise<void>;
}

/** A commit that the log names and the repository has lost takes its steps back to pending. */
const reportLost = async (attempt: Attempt, root: string, { studioDir }: Equipment): Promise<void> => {
  const { signal } = attempt;
  const { steps, children, workspace } = attempt.run();
  const commits = [...children.map(({ merged }) => merged), ...steps.map(({ commit }) => commit)].flatMap(
    (commit) => commit ?? [],
  );
  if (commits.length === 0) return;
  const missing = await missingCommits(await findRepository({ root, studioDir, signal }), commits, { signal });
  if (missing.length === 0) return;
  const keep = commits.filter((commit) => !missing.includes(commit)).at(-1) ?? workspace?.base ?? null;
  await attempt.report({ fact: 'workspace.lost', data: { missing: [...missing], keep } });
};

/** What a run begins with: a task, with the work that it depends on; a run of tasks, where its first task began. */
const basesOf = (run: Live): readonly string[] => {
  if (!isParent(run)) return run.submission.bases;
  const base = baseOf(run);
  return base === null ? [] : [base];
};

const open = async (attempt: Attempt, equipment: Equipment): Promise<Workspace | null> => {
  const { submission, workspace: prepared } = attempt.run();
  if (submission.workspace === null) return null;
  const root = prepared?.root ?? submission.workspace;
  if (prepared) await reportLost(attempt, root, equipment);
  const sandbox = await sandboxInForce(equipment.sandboxes);
  const workspace = await openWorkspace({
    orchestration: attempt.id,
    lease: attempt.lease,
    root,
    base: prepared?.base ?? null,
    bases: basesOf(attempt.run()),
    from: attempt.run().commit,
    includeDirty: submission.includeDirty,
    cacheDir: equipment.cacheDir,
    studioDir: equipment.studioDir,
    settings: equipment.settings,
    environment: equipment.environment,
    redact: equipment.redact,
    signal: attempt.signal,
    sandboxes: sandbox.sandboxes,
  });
  if (!prepared)
    attempt.note({
      fact: 'workspace.prepared',
      data: {
        root,
        base: workspace.base,
        branch: workspace.branch,
        dirty: workspace.dirty,
        private: workspace.private,
        sandbox: sandbox.name,
      },
    });
  return workspace;
};

const noWorkspace = async (): Promise<never> => {
  throw new AttemptFailed(
    'blocker',
    'this goal names no workspace, so there is nowhere to run a command',
    'submit it again with a workspace: the absolute path of a folder, or a git URL',
  );
};

/** Once a run, and again only under other limits. What is given to nobody is not allocated. */
const createAllocate = (attempt: Attempt, { context: { pools, total } }: Equipment): (() => void) => {
  const limits = { pools: { ...pools }, total };
  let done = isDeepStrictEqual(attempt.run().context.allocated, limits);
  return () => {
    if (!done) attempt.note({ fact: 'context.allocated', data: limits });
    done = true;
  };
};

/** Of a git URL there is no folder but the worktree. */
const readingPlace = (root: string | null, workspace: Workspace | null, { environment, known }: Equipment) => {
  if (root === null) return null;
  if (gitUrlOf(root) === null || workspace === null) return { workspace: root, studioDir: environment.STUDIO_DIR };
  const { directory } = workspace;
  return { workspace: directory, studioDir: join(directory, '.studio'), known: known && (() => known(root)) };
};

/**
 * Makes the desk of a lease. Whatever it opened is gone after `close`.
 * @throws {OverBudget} there is no money left to work with
 */
export const openDesk = async (attempt: Attempt, equipment: Equipment): Promise<Desk> => {
  const { engines, preferences, outages: known, human: settings, redact, pricing, dayOf, purse } = equipment;
  const meter = { attempt, pricing, dayOf, purse };
  // Nothing is begun that nobody can pay for.
  await grantOf(meter);
  const workspace = await open(attempt, equipment);
  const progress = createProgress(attempt, redact);
  const allocate = createAllocate(attempt, equipment);
  const { learned, hasLearned } = createLearned(attempt, redact);
  const root = attempt.run().submission.workspace;
  if (root !== null) allocate();
  const brief = createBriefing({
    attempt,
    allocate,
    policy: equipment.context,
    place: readingPlace(root, workspace, equipment),
    say: progress.say,
  });
  const engineFor = createEngineFor({ attempt, engines, settings: preferences, known });
  const outside = createHandOut({ attempt, workspace, settings, redact });
  const permit = createPermit(attempt, redact);
  const explain = (engine: Engine) => (workspace ? explainedEngine(engine, workspace.remarks) : engine);
  const guard = (engine: Engine): Engine => guardedEngine(rememberingEngine(explain(engine), attempt), redact);
  const contextOf = (stepKey: string): EngineContext => ({
    directory: workspace?.directory ?? equipment.nowhere,
    signal: attempt.signal,
    progress: progress.say,
    learned,
    stepKey,
    browser: equipment.browser !== undefined,
    run: workspace ? (command, options) => workspace.run(command, { ...options, stepKey }) : noWorkspace,
    redact,
    permit,
    ...(workspace && { assertAllowed: workspace.assertAllowed, repository: workspace.repository }),
    handOut: outside.handOut,
  });
  return {
    workspace,
    context: contextOf(attempt.id),
    contextFor: async (work) => {
      const stepKey = `${attempt.id}/${work}`;
      const env = await workspace?.programEnvironment(stepKey);
      const programs = workspace && env ? { env, sweep: () => workspace.sweep(env), confine: workspace.confine } : {};
      return { ...contextOf(stepKey), ...programs };
    },
    engineFor: (capability, plan) =>
      // Whoever did it by hand was given to read then; and it counts, whoever would be asked now.
      outside.isAnswered(capability)
        ? guard(createHumanEngine())
        : meteredEngine(briefedEngine(guard(engineFor(capability, plan)), brief), meter),
    hasLearned,
    close: async () => {
      progress.stop();
      await workspace?.dispose();
    },
  };
};

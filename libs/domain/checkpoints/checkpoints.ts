import type { EventOf } from '#events';
import { type Context, type Evolvers, fact } from '../context.ts';
import type { Live, Run, Snapshot } from '../run.ts';

/** `cp_<milliseconds>`, plus one where that number is taken. */
const freeId = (run: Run, now: string): string => {
  const taken = new Set(run.checkpoints.map(({ id }) => id));
  let ms = Date.parse(now);
  while (taken.has(`cp_${ms}`)) ms += 1;
  return `cp_${ms}`;
};

/** A checkpoint on demand: its name becomes due like any other. */
export const namedCheckpoint = (run: Run, name: string, now: string): EventOf<'checkpoint.saved'> =>
  fact('checkpoint.saved', { checkpoint: freeId(run, now), name, afterAgent: null, commit: run.commit });

/** Saves the checkpoint that the facts call for. It is a name for this version and its commit, never a copy. */
export const saveCheckpoint = (run: Live, { now }: Context): EventOf<'checkpoint.saved'> | null =>
  run.checkpointDue
    ? fact('checkpoint.saved', { checkpoint: freeId(run, now), ...run.checkpointDue, commit: run.commit })
    : null;

const snapshotOf = (run: Run): Snapshot => ({
  route: run.route,
  routeConfirmed: run.routeConfirmed,
  invocations: run.invocations,
  workspace: run.workspace,
  commit: run.commit,
  plan: run.plan,
  planAccepted: run.planAccepted,
  steps: run.steps,
  gates: run.gates,
  criteria: run.criteria,
  shown: run.shown,
  files: run.files,
  raised: run.raised,
  answers: run.answers,
  replan: run.replan,
  map: run.map,
  mapApproved: run.mapApproved,
  children: run.children,
  childrenAtOnce: run.childrenAtOnce,
  outside: run.outside,
});

export const checkpointEvolvers: Evolvers<'checkpoint.saved'> = {
  'checkpoint.saved': (run, { version, time, data: { checkpoint: id, ...rest } }) => ({
    checkpoints: [...run.checkpoints, { id, ...rest, version, time, saved: snapshotOf(run) }],
    tip: rest.commit,
    checkpointDue: null,
    verifiedSinceCheckpoint: 0,
  }),
};

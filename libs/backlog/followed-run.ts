import type { Ended, Live, State } from '#domain';
import type { TaskOutcome } from './backlog.events.ts';
import { backlogIdOf } from './backlogs.ts';
import type { FollowedRun, FollowedTask } from './command.ts';

type Known = Live | Ended;

/** `backlog_1a2b3c4d5e6f/run_3`: what a goal names when it was submitted for a claim. */
export const claimName = (workspace: string, run: string): string => `${backlogIdOf(workspace)}/${run}`;

const claimIn = ({ submission: { backlog, workspace } }: Known): string | null => {
  const [id, run] = backlog?.split('/') ?? [];
  return workspace !== null && id === backlogIdOf(workspace) ? (run ?? null) : null;
};

const outcomeOf = (run: Known, { status, outcome, id }: Known['children'][number]): TaskOutcome | null => {
  if (status === 'completed' || status === 'skipped') return status;
  if (status === 'failed') return outcome ?? 'failed';
  // A run that has ended waits for nobody: what it had begun was not finished.
  return run.lifecycle === 'ended' && id !== null ? 'aborted' : null;
};

const taskOf = (run: Known, child: Known['children'][number]): FollowedTask => ({
  task: child.task.id,
  child: child.id,
  outcome: outcomeOf(run, child),
  reason: child.reason,
});

/** A map stands when something was begun from it, or when to draw it was all that was asked. */
const drawnIn = (run: Known): FollowedRun['drawn'] => {
  const stands = run.children.length > 0 || (run.lifecycle === 'ended' && run.outcome.kind === 'completed');
  return run.map && stands ? { map: run.map, source: run.submission.goal.slice(0, 200) } : null;
};

/** What the backlog of its workspace has to know of a run; `null`: nothing. */
export const followedRun = (state: State): { readonly workspace: string; readonly followed: FollowedRun } | null => {
  if (state.lifecycle === 'absent') return null;
  const { workspace } = state.submission;
  const drawn = drawnIn(state);
  const run = claimIn(state);
  if (workspace === null || (drawn === null && run === null)) return null;
  const followed = {
    orchestration: state.id,
    run,
    drawn,
    tasks: state.children.map((child) => taskOf(state, child)),
    ended: state.lifecycle === 'ended' ? { reason: state.outcome.reason } : null,
  };
  return { workspace, followed };
};

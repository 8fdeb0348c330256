import { RuleViolation } from '#contracts';
import { type ChildWish, type Command, childSubmission, countsOn, type State, totalSpend } from '#domain';
import type { By, Orchestrations } from '#orchestrations';

type Known = Exclude<State, { lifecycle: 'absent' }>;
type Live = Extract<State, { lifecycle: 'live' }>;

export interface TendTasks {
  /** Makes the run of a task what its parent wants it to be: there, held up, ended; and its end a fact of the parent. */
  tend(wish: ChildWish, parent: Live): Promise<void>;
  /** Tells the parent of a task that the task has ended. */
  tell(child: Known): Promise<void>;
  /** Ends a run of a task that its parent does not count on any more. */
  disown(child: Known): Promise<void>;
}

const BY = 'service:router';

/** One after the other for each key: who writes to one stream at once only makes each other try again. */
const createTurns = () => {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => undefined);
    last.set(key, settled);
    try {
      return await turn;
    } finally {
      if (last.get(key) === settled) last.delete(key);
    }
  };
};

export const createTendTasks = (orchestrations: Pick<Orchestrations, 'load' | 'execute'>): TendTasks => {
  const inTurn = createTurns();

  /** What a run that ended a moment ago refuses, it will not need. */
  const give = async (id: string, command: Command, by: By): Promise<void> => {
    try {
      await inTurn(id, () => orchestrations.execute(id, command, by));
    } catch (error) {
      if (!(error instanceof RuleViolation)) throw error;
    }
  };

  const end = async (parent: string, task: string, child: Extract<Known, { lifecycle: 'ended' }>): Promise<void> => {
    const { id, commit, workspace } = child;
    const { kind, reason } = child.outcome;
    const told = { child: id, outcome: kind, reason, base: workspace?.base ?? null, commit, spent: totalSpend(child) };
    await give(parent, { type: 'end_child', task, ...told }, { actor: BY, commandId: `${id}@${child.head.version}` });
  };

  const submitted = async ({ child, task }: ChildWish, parent: Live): Promise<State> => {
    const state = await orchestrations.load(child);
    const entry = parent.children.find(({ id }) => id === child);
    if (state.lifecycle !== 'absent' || !entry) return state;
    const submission = childSubmission(parent, entry);
    const by = { actor: BY, correlationId: parent.id, commandId: `${parent.id}@${parent.head.version} ${task}` };
    return (await orchestrations.execute(child, { type: 'submit', submission }, by)).state;
  };

  /** Only what was held up here goes on from here: a task that a person paused waits for that person. */
  const correction = ({ as }: ChildWish, { paused }: Live): Command | null => {
    if (as === 'aborted') return { type: 'abort', reason: 'the run that it belongs to ends' };
    if (as === 'paused') return paused ? null : { type: 'pause', reason: 'paused with the run that it belongs to' };
    return paused?.by === BY ? { type: 'continue' } : null;
  };

  return {
    async tend(wish, parent) {
      const child = await submitted(wish, parent);
      if (child.lifecycle === 'absent') return;
      if (child.lifecycle === 'ended') return end(parent.id, wish.task, child);
      // A fork waits for the tasks of the run that it came from, and has no say in them.
      if (child.submission.parent?.orchestration !== parent.id) return;
      const command = correction(wish, child);
      if (command) await give(child.id, command, { actor: BY, correlationId: parent.id });
    },

    async tell(child) {
      const { parent } = child.submission;
      if (parent && child.lifecycle === 'ended') await end(parent.orchestration, parent.task, child);
    },

    async disown({ id, submission: { parent } }) {
      if (!parent) return;
      const state = await orchestrations.load(parent.orchestration);
      if (state.lifecycle === 'absent' || countsOn(state, id)) return;
      const reason = `${parent.orchestration} does not count on it any more`;
      await give(id, { type: 'abort', reason }, { actor: BY, correlationId: parent.orchestration });
    },
  };
};
